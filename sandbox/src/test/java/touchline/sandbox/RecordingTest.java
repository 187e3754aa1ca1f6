package touchline.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {

    private static final String SPORT = "soccer_test_cup";
    private static final long RECORDED = Instant.parse("2026-01-01T12:00:05Z").toEpochMilli();
    private static final long QUARTER = 900_000;
    private static final long START = Instant.parse("2030-06-01T00:00:00Z").toEpochMilli();

    private final AtomicLong now = new AtomicLong(START);
    private final Recording recording = Recording.read(testCup());

    @Test
    void answersWithTheLatestPollAtOrBeforeThePlayhead() {
        RecordedFeed feed = recording.play(now::get, 100);
        assertThat(ids(feed.odds(SPORT))).containsExactly("a".repeat(32), "b".repeat(32));
        now.set(START + QUARTER / 100 - 1);
        assertThat(price(feed, 0)).isEqualTo("2.5");
        now.set(START + QUARTER / 100);
        assertThat(price(feed, 0)).isEqualTo("1.01");
        now.set(START + 2 * QUARTER / 100);
        assertThat(ids(feed.odds(SPORT))).containsExactly("b".repeat(32));
    }

    @Test
    void movesEveryStampToTheCompressedPresent() {
        RecordedFeed feed = recording.play(now::get, 100);
        ObjectNode event = feed.odds(SPORT).get(0);
        long commence = Instant.parse("2026-01-01T11:00:00Z").toEpochMilli();
        assertThat(event.path("commence_time").asLong()).isEqualTo(START + (commence - RECORDED) / 100);
        // Twenty seconds before the poll, a fifth of a second before now.
        assertThat(event.at("/bookmakers/0/last_update").asLong()).isEqualTo(START - 200);
        assertThat(event.at("/bookmakers/0/markets/0/last_update").asLong()).isEqualTo(START - 200);
    }

    @Test
    void convertsAmericanPrices() {
        RecordedFeed feed = recording.play(now::get, 1);
        assertThat(price(feed, 0)).isEqualTo("2.5");
        assertThat(price(feed, 1)).isEqualTo("4.33");
        assertThat(price(feed, 2)).isEqualTo("1.5");
    }

    @Test
    void whatHasLeftForGoodAfterItBeganIsCompletedWithoutAScore() {
        RecordedFeed feed = recording.play(now::get, 100);
        assertThat(feed.scores(SPORT))
                .allSatisfy(
                        score -> assertThat(score.path("completed").asBoolean()).isFalse());
        now.set(START + 2 * QUARTER / 100);
        List<ObjectNode> scores = feed.scores(SPORT);
        assertThat(ids(scores)).containsExactly("a".repeat(32), "b".repeat(32));
        assertThat(scores.get(0).path("completed").asBoolean()).isTrue();
        assertThat(scores.get(0).path("scores").isNull()).isTrue();
        assertThat(scores.get(1).path("completed").asBoolean()).isFalse();
    }

    @Test
    void staysAtItsLastPoll() {
        RecordedFeed feed = recording.play(now::get, 100);
        assertThat(feed.isOver()).isFalse();
        now.set(START + 1_000 * QUARTER);
        assertThat(feed.isOver()).isTrue();
        assertThat(ids(feed.odds(SPORT))).containsExactly("b".repeat(32));
    }

    @Test
    void everyFurtherRoundIsOfNewMatchesAtItsOwnTime() {
        RecordedFeed feed = recording.loop(now::get, 100);
        long first = feed.odds(SPORT).get(0).path("commence_time").asLong();
        now.set(START + 3 * QUARTER / 100);
        List<ObjectNode> second = feed.odds(SPORT);
        assertThat(second).hasSize(2);
        assertThat(ids(second))
                .doesNotContain("a".repeat(32), "b".repeat(32))
                .allMatch(id -> id.matches("[0-9a-f]{32}"));
        assertThat(second.get(0).path("commence_time").asLong()).isEqualTo(first + 3 * QUARTER / 100);
        assertThat(ids(feed.scores(SPORT))).isEqualTo(ids(second));
    }

    @Test
    void saysHowOftenItIsWorthAskingAndHowLongItTakes() {
        RecordedFeed feed = recording.play(now::get, 100);
        assertThat(feed.pollEveryMs()).isEqualTo(9_000);
        assertThat(feed.durationMs()).isEqualTo(18_000);
        assertThat(feed.sports()).containsExactly(new OddsFeed.Sport(SPORT, "Soccer", "Test Cup", "Test Cup", true));
    }

    @Test
    void aLineThatIsNoPollIsNamed(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("x.jsonl"), Files.readString(testCup()) + "{\"body\":3}\n");
        assertThatThrownBy(() -> Recording.read(file)).hasMessageContaining("x.jsonl, line 4");
    }

    @Test
    void aRealDayPlaysFromItsFirstPollToItsLast() {
        Path file = shared("odds-api-worldcup-2026-06-20.jsonl.gz");
        Assumptions.assumeThat(file).as("recordings beside the project").exists();
        Recording day = Recording.read(file);
        assertThat(day.polls()).isEqualTo(96);
        RecordedFeed feed = day.play(now::get, 900);
        assertThat(feed.pollEveryMs()).isBetween(950L, 1_050L);
        while (!feed.isOver()) {
            for (ObjectNode event : feed.odds("soccer_fifa_world_cup")) {
                for (var bookmaker : event.path("bookmakers")) {
                    assertThat(bookmaker.path("last_update").asLong()).isBetween(now.get() - 2_000, now.get() + 2_000);
                    assertThat(bookmaker.findValues("price"))
                            .allMatch(price -> price.decimalValue().doubleValue() > 1);
                }
            }
            now.addAndGet(feed.pollEveryMs());
        }
        assertThat(feed.scores("soccer_fifa_world_cup"))
                .anyMatch(score -> score.path("completed").asBoolean());
    }

    private static String price(RecordedFeed feed, int outcome) {
        return feed.odds(SPORT)
                .get(0)
                .at("/bookmakers/0/markets/0/outcomes/" + outcome + "/price")
                .decimalValue()
                .stripTrailingZeros()
                .toPlainString();
    }

    private static List<String> ids(List<ObjectNode> events) {
        return events.stream().map(event -> event.path("id").asText()).toList();
    }

    private static Path testCup() {
        try {
            return Path.of(Objects.requireNonNull(RecordingTest.class.getResource("/recordings/test-cup.jsonl"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A file of ../shared/recordings beside the project's root, which need not be there. */
    private static Path shared(String name) {
        Path dir = Path.of("").toAbsolutePath();
        while (dir.getParent() != null) {
            Path file = dir.resolve("shared/recordings").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
            dir = dir.getParent();
        }
        return Path.of("shared/recordings", name);
    }
}
