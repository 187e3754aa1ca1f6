package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import touchline.update.Shards;

/** A match that should be there and is not may be in a shard that nobody vouches for. */
class WhatIsNotThereTest {

    private static final Shards SHARDS = new Shards(2);
    private static final String HERE = matchIn(0);
    private static final String THERE = matchIn(1);

    private final Stand stand = new Stand(Map.of());
    private final Reader reader = new Reader();

    private static String matchIn(int shard) {
        return IntStream.range(0, 100)
                .mapToObj(i -> "manual:" + i)
                .filter(match -> SHARDS.of(match) == shard)
                .findFirst()
                .orElseThrow();
    }

    @BeforeEach
    void twoShardsOfWhichOneIsToldOf() {
        stand.board.shards(2);
        stand.board.complete(0, Set.of(HERE));
        stand.board.complete(1, Set.of());
        stand.beat();
        stand.tell(new Story(HERE).begin("match/phase", "live", "h2h/@status", "open", "h2h/home", "2"));
    }

    @Test
    void whoAsksForWhatMatchesAreIsLateWithAnyShard() {
        Stand.Member member = stand.enter(reader);
        member.subscribe(1, new Select.Phase("live"), Columns.ALL, 0, Map.of());
        stand.pass(100);
        member.read();
        assertThat(reader.held).containsKey(HERE);
        assertThat(isLate())
                .as("a live match may have begun in the other shard")
                .isTrue();
        stand.board.beat(1, stand.wallMs(), 1);
        stand.pass(100);
        member.read();
        assertThat(isLate()).isFalse();
    }

    @Test
    void whoAsksForMatchesByIdIsLateWithTheirShardsOnly() {
        Stand.Member one = stand.enter(reader);
        one.subscribe(1, new Select.Matches(new TreeSet<>(List.of(HERE))), Columns.ALL, 0, Map.of());
        stand.pass(100);
        one.read();
        assertThat(isLate()).isFalse();
        one.subscribe(2, new Select.Matches(new TreeSet<>(List.of(THERE))), Columns.ALL, 0, Map.of());
        stand.pass(100);
        one.read();
        assertThat(isLate()).as("the other one may be there").isTrue();
    }

    private boolean isLate() {
        return Objects.requireNonNull(reader.alive).get("late").asBoolean();
    }
}
