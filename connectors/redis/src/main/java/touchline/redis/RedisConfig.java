package touchline.redis;

import java.io.Serializable;
import touchline.config.Secret;
import touchline.config.Setting;
import touchline.redislink.RedisAddress;

/**
 * How the sink reaches Redis and how much it may hold there and in memory. Carries no secret, only where one is found;
 * it checks itself, and reaches nothing.
 */
public record RedisConfig(
        @Setting(
                value = "redis://127.0.0.1:6379",
                help = "Where Redis is: redis://host:port[/db], redis-sentinel://host:port,host:port#name,"
                        + " redis-cluster://host:port,host:port; with rediss for TLS.")
        String uri,

        @Setting(value = "", help = "The ACL user; empty for the default one.")
        String username,

        @Setting(value = "", help = "The user's password, as env:NAME or file:PATH; empty for none.")
        Secret password,

        @Setting(value = "", help = "A PEM file of the authorities to trust under TLS; empty for those of the JDK.")
        String tlsCa,

        @Setting(value = "full", help = "What TLS verifies: full (authority and host name), ca (authority), or none.")
        String tlsVerify,

        @Setting(value = "16", help = "Shards of the matches; fixed in Redis at the first start.")
        int shards,

        @Setting(value = "128", help = "Updates in one call at most.")
        int batchMax,

        @Setting(value = "4096", help = "Unconfirmed updates of one writer at most; beyond it the input waits.")
        int maxInFlight,

        @Setting(value = "100000", help = "Entries that a stream keeps, about.")
        long streamMax,

        @Setting(value = "900000", help = "Age in ms of the oldest entry that a shard's stream keeps, about.")
        long streamAgeMs,

        @Setting(
                value = "691200000",
                help = "How long in ms Redis remembers an ended match; longer than the oldest checkpoint that may be"
                        + " restored.")
        long tombstoneMs,

        @Setting(
                value = "900000",
                help =
                        "Matches that an older generation has left in Redis, and of which nobody has told for this long in"
                                + " ms after a start, are ended; longer than ingest takes to tell all that it holds.")
        long leftoverMs,

        @Setting(value = "250", help = "A shard's beat is written this often, in ms.")
        int beatMs,

        @Setting(value = "2000", help = "A call unanswered for this long, in ms, is sent again.")
        int timeoutMs,

        @Setting(value = "10", help = "How often a call is sent before the writer gives up and fails.")
        int attempts,

        @Setting(value = "50", help = "The pause before a call's second attempt, in ms; it doubles up to timeoutMs.")
        int backoffMs)
        implements Serializable {

    public RedisConfig {
        var unused = new RedisAddress(uri, username, password, tlsCa, tlsVerify, timeoutMs);
        within("shards", shards, 1, 1024);
        within("batchMax", batchMax, 1, 10_000);
        within("maxInFlight", maxInFlight, batchMax, 10_000_000);
        within("streamMax", streamMax, 1, Long.MAX_VALUE);
        within("streamAgeMs", streamAgeMs, 1, Long.MAX_VALUE);
        within("tombstoneMs", tombstoneMs, 1, 1L << 40);
        within("leftoverMs", leftoverMs, 1, 1L << 40);
        within("beatMs", beatMs, 1, 60_000);
        within("attempts", attempts, 1, 1_000_000);
        within("backoffMs", backoffMs, 1, timeoutMs);
    }

    RedisAddress address() {
        return new RedisAddress(uri, username, password, tlsCa, tlsVerify, timeoutMs);
    }

    /** The pause before a call is sent for the n-th time, n from 2 on. */
    int backoffMs(int attempt) {
        long pause = (long) backoffMs << Math.min(attempt - 2, 20);
        return (int) Math.min(pause, timeoutMs);
    }

    private static void within(String name, long value, long from, long to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(name + " must be within " + from + ".." + to + ", not " + value);
        }
    }
}
