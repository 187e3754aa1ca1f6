package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import touchline.config.Arguments;
import touchline.config.Settings;

class JobSettingsTest {

    @TempDir
    Path directory;

    @Test
    void theJobsSettingsAre() {
        assertThat(keysAndDefaults(Settings.describe(JobConfig.class, "job")))
                .containsExactly(
                        "job.parallelism=2",
                        "job.maxParallelism=128",
                        "job.checkpointMs=1000",
                        "job.checkpointDir=",
                        "job.restartMs=100",
                        "job.restartMaxMs=10000",
                        "job.bufferMs=0",
                        "job.watermarkMs=100",
                        "job.bookCacheMb=64",
                        "job.seenEveryMs=10000",
                        "job.doubtMs=60000",
                        "job.wholeEveryMs=300000",
                        "job.forgetMs=86400000",
                        "job.oddsapi=true",
                        "job.postgres=true");
    }

    @Test
    void kafkasSettingsAre() {
        assertThat(keysAndDefaults(Settings.describe(KafkaConfig.class, "kafka")))
                .containsExactly(
                        "kafka.bootstrap=(required)",
                        "kafka.feedTopic=feed",
                        "kafka.rejectedTopic=feed.rejected",
                        "kafka.updatesTopic=updates",
                        "kafka.quotesTopic=quotes",
                        "kafka.feedPartitions=64",
                        "kafka.feedRetentionMs=604800000",
                        "kafka.updatesPartitions=16",
                        "kafka.updatesRetentionMs=86400000",
                        "kafka.quoteStampMs=30000",
                        "kafka.rejectedRetentionMs=2592000000",
                        "kafka.replicationFactor=-1",
                        "kafka.tickMs=250",
                        "kafka.maxRecordBytes=900000",
                        "kafka.timeoutMs=10000",
                        "kafka.clientProperties=");
    }

    @Test
    void allThatIsHeldIsToldAtLeastFourTimesWithinTheLogsRetention() {
        JobConfig job = new Settings(Map.of()).as(JobConfig.class, "job");
        assertThat(PollMemory.Pace.of(job, kafka("604800000")).wholeEveryMs()).isEqualTo(300_000);
        assertThat(PollMemory.Pace.of(job, kafka("600000")).wholeEveryMs()).isEqualTo(150_000);
    }

    private static KafkaConfig kafka(String retentionMs) {
        return new Settings(Map.of("kafka.bootstrap", "a:1", "kafka.feedRetentionMs", retentionMs))
                .as(KafkaConfig.class, "kafka");
    }

    @Test
    void theCommandLineWinsOverTheFile() throws IOException {
        Path file = directory.resolve("job.properties");
        Files.writeString(file, "kafka.bootstrap=a:1\nkafka.tickMs=100\n");
        KafkaConfig kafka = Arguments.settings("--config", file.toString(), "--set", "kafka.tickMs=50")
                .as(KafkaConfig.class, "kafka");
        assertThat(kafka.bootstrap()).isEqualTo("a:1");
        assertThat(kafka.tickMs()).isEqualTo(50);
    }

    @Test
    void aCommandLineThatIsNotUnderstoodIsRefused() {
        assertThatThrownBy(() -> Arguments.settings("--confg", "x")).hasMessageContaining("--confg");
        assertThatThrownBy(() -> Arguments.settings("--set", "novalue")).hasMessageContaining("key=value");
        assertThatThrownBy(() -> Arguments.settings("--config")).hasMessageContaining("needs a value");
    }

    @Test
    void clientPropertiesReachEveryClientAndCannotMoveTheBrokers() throws IOException {
        Path file = directory.resolve("client.properties");
        Files.writeString(file, "security.protocol=SSL\nbootstrap.servers=elsewhere:1\n");
        KafkaConfig kafka = new Settings(Map.of("kafka.bootstrap", "here:1", "kafka.clientProperties", file.toString()))
                .as(KafkaConfig.class, "kafka");
        assertThat(kafka.producer())
                .containsEntry("security.protocol", "SSL")
                .containsEntry("bootstrap.servers", "here:1")
                .containsEntry("acks", "all");
    }

    private static List<String> keysAndDefaults(List<String> described) {
        return described.stream().map(line -> line.replaceAll("   # .*", "")).toList();
    }
}
