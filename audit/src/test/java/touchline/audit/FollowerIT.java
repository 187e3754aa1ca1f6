package touchline.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import touchline.sandbox.Await;
import touchline.sandbox.RedisServer;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

/** A follower that cannot follow reads the match's image again and goes on from there. */
class FollowerIT {

    private static final Shards SHARDS = new Shards(1);

    private static RedisServer redis;

    private final AtomicLong heard = new AtomicLong();
    private final Tally tally = new Tally();
    private final Updates updates = new Updates("m:1");
    private Scribe scribe;

    @BeforeAll
    static void start() {
        redis = RedisServer.start(0);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void anEmptyRedis() {
        redis.command("FLUSHALL");
        scribe = new Scribe(redis, SHARDS);
    }

    @Test
    void goesOnFromTheImageWhenAnEntryIsGone() {
        scribe.write(updates.image("1.5-1", Map.of("match/phase", "live", "match/home_score", "0")));
        String lost = scribe.write(updates.patch("1.5-2", Map.of("match/home_score", "1")));
        redis.command("XDEL", SHARDS.streamKey(0), lost);
        scribe.write(updates.patch("1.5-3", Map.of("match/away_score", "1")));
        try (Follower follower = follow()) {
            await(2);
            assertThat(tally.chainBreaks()).isEqualTo(1);
            assertThat(tally.count(Verdict.UNFOLLOWED)).isEqualTo(1);
            assertThat(tally.reloads()).isEqualTo(1);

            scribe.write(updates.patch("1.5-4", Map.of("match/home_score", "2")));
            await(3);
            assertThat(tally.count(Verdict.APPLIED)).isEqualTo(2);
            assertThat(tally.count(Verdict.CHECKSUM)).isZero();
            assertThat(follower.beatAgeMs()).isEqualTo(-1);
        }
    }

    @Test
    void goesOnFromTheImageWhenAPositionIsMissing() {
        scribe.write(updates.image("1.5-1", Map.of("match/phase", "live", "match/home_score", "0")));
        updates.patch("1.5-2", Map.of("match/home_score", "1"));
        scribe.write(updates.patch("1.5-3", Map.of("match/home_score", "2")));
        try (Follower follower = follow()) {
            await(2);
            assertThat(tally.chainBreaks()).isZero();
            assertThat(tally.count(Verdict.GAP)).isEqualTo(1);
            assertThat(tally.reloads()).isEqualTo(1);

            scribe.write(updates.patch("1.5-4", Map.of("match/home_score", "3")));
            await(3);
            assertThat(tally.count(Verdict.APPLIED)).isEqualTo(2);
            assertThat(tally.reloads()).isEqualTo(1);
            assertThat(follower.beatAgeMs()).isEqualTo(-1);
        }
    }

    @Test
    void waitsForTheNextImageWhenTheMatchIsGoneFromRedis() {
        scribe.write(updates.image("1.5-1", Map.of("match/phase", "live")));
        MarketUpdate last = updates.patch("1.5-3", Map.of("match/phase", "ended"));
        scribe.append(last);
        redis.command("DEL", SHARDS.matchKey("m:1"));
        try (Follower follower = follow()) {
            await(2);
            assertThat(tally.reloads()).isZero();

            scribe.write(updates.image("1.9-1", Map.of("match/phase", "live")));
            await(3);
            assertThat(tally.count(Verdict.APPLIED)).isEqualTo(2);
            assertThat(follower.beatAgeMs()).isEqualTo(-1);
        }
    }

    private Follower follow() {
        return Follower.start(redis.uri(), SHARDS.count(), tally, (update, readAt) -> heard.incrementAndGet());
    }

    /** The listener hears of an entry when all that it led to is done. */
    private void await(long entries) {
        Await.until(entries + " entries", Duration.ofSeconds(30), () -> heard.get() >= entries);
    }
}
