package touchline.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AuditCommandTest {

    @TempDir
    private Path dir;

    @Test
    void takesAddressesAndRulesFromADemosEndpoints() throws IOException {
        Path file = dir.resolve("endpoints.json");
        Files.writeString(file, """
                {"redis": "redis://elsewhere", "settings": {"kafka.bootstrap": "127.0.0.1:1", "redis.uri": "redis://127.0.0.1:2",
                 "redis.shards": "4", "market.generation": "7", "oddsapi.livePollMs": "1"}}
                """);

        AuditTarget target = target("--endpoints", file.toString(), "--set", "market.minQuotes=3");

        assertThat(target.redis()).isEqualTo("redis://127.0.0.1:2");
        assertThat(target.shards()).isEqualTo(4);
        assertThat(target.kafka()).isEqualTo(Map.of("bootstrap.servers", "127.0.0.1:1"));
        assertThat(target.rules().generation()).isEqualTo(7);
        assertThat(target.rules().minQuotes()).isEqualTo(3);
    }

    @Test
    void takesTheJobsOwnSettingsFile() throws IOException {
        Path file = dir.resolve("job.properties");
        Files.writeString(file, "kafka.bootstrap=a:1\nkafka.feedTopic=other\nredis.uri=redis://b:2\n");

        AuditTarget target = target("--config", file.toString(), "--redis", "redis://c:3");

        assertThat(target.topic()).isEqualTo("other");
        assertThat(target.redis()).isEqualTo("redis://c:3");
    }

    @Test
    void namesWhatIsMissingAndWhatIsUnknown() {
        assertThatThrownBy(() -> target("--redis", "redis://c:3"))
                .hasMessageContaining("kafka.bootstrap is needed")
                .hasMessageContaining("--endpoints");
        assertThatThrownBy(() -> target("--kafka", "a:1", "--redis", "redis://c:3", "--set", "market.minQuote=3"))
                .hasMessageContaining("unknown setting market.minQuote; did you mean market.minQuotes?");
    }

    private static AuditTarget target(String... arguments) throws IOException {
        AuditCommand command = new AuditCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.target();
    }
}
