package touchline.jobs;

import java.io.IOException;
import java.io.Reader;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import touchline.config.Setting;

/** Where the feed log and its neighbours are, and how their topics are made. */
public record KafkaConfig(
        @Setting(help = "Brokers, host:port joined by commas.")
        String bootstrap,

        @Setting(value = "feed", help = "The feed log, the market job's only input.")
        String feedTopic,

        @Setting(value = "feed.rejected", help = "What could not be used, with the reason.")
        String rejectedTopic,

        @Setting(value = "updates", help = "What the market job says, for Flink SQL and further jobs.")
        String updatesTopic,

        @Setting(value = "quotes", help = "Each bookmaker's current price, compacted, for Flink SQL and further jobs.")
        String quotesTopic,

        @Setting(value = "64", help = "Partitions of the feed log; fixed when it is created.")
        int feedPartitions,

        @Setting(value = "604800000", help = "The feed log keeps records this long.")
        long feedRetentionMs,

        @Setting(value = "16", help = "Partitions of the updates, and of the quotes.")
        int updatesPartitions,

        @Setting(
                value = "86400000",
                help =
                        "The updates are kept this long, ms; each match says all it holds four times meanwhile. -1: for ever.")
        long updatesRetentionMs,

        @Setting(
                value = "30000",
                help = "A quote that is confirmed and unchanged is told again at most this often, ms of its stamps.")
        long quoteStampMs,

        @Setting(value = "2592000000", help = "What was rejected is kept this long.")
        long rejectedRetentionMs,

        @Setting(value = "-1", help = "Replicas of topics that are created here; -1: the broker's default.")
        int replicationFactor,

        @Setting(value = "250", help = "A tick goes to every partition of the feed log this often.")
        long tickMs,

        @Setting(value = "900000", help = "Largest record, bytes; below the brokers' message.max.bytes.")
        int maxRecordBytes,

        @Setting(value = "10000", help = "Brokers that do not answer for this long are reported at start.")
        int timeoutMs,

        @Setting(value = "", help = "A file of further Kafka client properties (security, ...); empty for none.")
        String clientProperties)
        implements Serializable {

    public KafkaConfig {
        atLeast("feedPartitions", feedPartitions, 1);
        atLeast("feedRetentionMs", feedRetentionMs, 1000);
        atLeast("updatesPartitions", updatesPartitions, 1);
        atLeast("quoteStampMs", quoteStampMs, 1);
        atLeast("tickMs", tickMs, 10);
        atLeast("maxRecordBytes", maxRecordBytes, 10_000);
        atLeast("timeoutMs", timeoutMs, 100);
        if (replicationFactor != -1) {
            atLeast("replicationFactor", replicationFactor, 1);
        }
    }

    /** So often every match says all that it holds, as those who read only what is kept need it; 0 for never. */
    long againMs() {
        return Math.max(0, updatesRetentionMs / 4);
    }

    /** What every client of these brokers needs. */
    Properties client() {
        Properties properties = new Properties();
        // A connection that the network has forgotten is given up after this, and nothing flows before; the default is
        // 30 s.
        properties.setProperty("request.timeout.ms", "5000");
        properties.setProperty("socket.connection.setup.timeout.ms", "2000");
        properties.setProperty("socket.connection.setup.timeout.max.ms", "5000");
        if (!clientProperties.isEmpty()) {
            try (Reader reader = Files.newBufferedReader(Path.of(clientProperties))) {
                properties.load(reader);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "kafka.clientProperties=" + clientProperties + ": cannot be read; create it or leave it empty",
                        e);
            }
        }
        properties.setProperty("bootstrap.servers", bootstrap);
        return properties;
    }

    /**
     * A producer that is never in doubt about order and does not wait for company. A sink that was away for longer than
     * the delivery timeout fails, and the job restores.
     */
    Properties producer() {
        Properties properties = client();
        properties.setProperty("acks", "all");
        properties.setProperty("enable.idempotence", "true");
        properties.setProperty("linger.ms", "0");
        properties.setProperty("max.request.size", String.valueOf(maxRecordBytes + 100_000));
        return properties;
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + "=" + value + " must be at least " + least);
        }
    }
}
