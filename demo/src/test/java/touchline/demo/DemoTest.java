package touchline.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DemoTest {

    @Test
    void parsesABoundedRunOfARecording() {
        Demo demo = parse(
                "--recording",
                "day.jsonl.gz",
                "--speed",
                "1200",
                "--for",
                "60s",
                "--headless",
                "--summary",
                "out.json",
                "--endpoints",
                "where.json",
                "--redis-port",
                "7001",
                "--flink-port",
                "8081",
                "--set",
                "job.parallelism=1");

        assertThat(demo.recording).isEqualTo(Path.of("day.jsonl.gz"));
        assertThat(demo.speed).isEqualTo(1200);
        assertThat(demo.span).isEqualTo(Duration.ofSeconds(60));
        assertThat(demo.headless).isTrue();
        assertThat(demo.summary).isEqualTo(Path.of("out.json"));
        assertThat(demo.endpoints).isEqualTo(Path.of("where.json"));
        assertThat(demo.ports.redis).isEqualTo(7001);
        assertThat(demo.ports.flink).isEqualTo(8081);
        assertThat(demo.ports.kafka).isZero();
        assertThat(demo.set).containsEntry("job.parallelism", "1");
    }

    @Test
    void runsForEverOnFreePortsWithSimulatedMatchesByDefault() {
        Demo demo = parse();

        assertThat(demo.span).isNull();
        assertThat(demo.recording).isNull();
        assertThat(demo.matches).isEqualTo(24);
        assertThat(demo.seed).isEqualTo(1);
        assertThat(demo.ports.redis + demo.ports.postgres + demo.ports.kafka + demo.ports.flink + demo.ports.oddsApi)
                .isZero();
    }

    @Test
    void takesSpansOfTimeAsPeopleTypeThem() {
        assertThat(parse("--for", "500ms").span).isEqualTo(Duration.ofMillis(500));
        assertThat(parse("--for", "90").span).isEqualTo(Duration.ofSeconds(90));
        assertThat(parse("--for", "2m").span).isEqualTo(Duration.ofMinutes(2));
        assertThat(parse("--for", "1h").span).isEqualTo(Duration.ofHours(1));
        assertThatThrownBy(() -> parse("--for", "soon")).hasMessageContaining("use 500ms, 90s, 5m or 1h");
    }

    @Test
    void simulatesOperatorsOnlyBesideSimulatedMatches() {
        assertThat(parse().operators()).isEqualTo(2);
        assertThat(parse("--operators", "5").operators()).isEqualTo(5);
        assertThat(parse("--recording", "day.jsonl.gz").operators()).isZero();
        assertThat(parse("--recording", "day.jsonl.gz", "--operators", "0").operators())
                .isZero();
        assertThatThrownBy(() ->
                        parse("--recording", "day.jsonl.gz", "--operators", "5").operators())
                .hasMessageContaining("--operators 5");
    }

    @Test
    void namesAPortThatIsNone() {
        assertThatThrownBy(parse("--kafka-port", "70000").ports::check)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--kafka-port 70000");
        assertThatThrownBy(parse("--redis-port", "-1").ports::check).hasMessageContaining("--redis-port -1");
    }

    @Test
    void namesARecordingThatIsNotThere() {
        assertThatThrownBy(() -> Input.of(Path.of("nowhere.jsonl.gz"), 0, 1, 24))
                .hasMessageContaining("nowhere.jsonl.gz");
    }

    private static Demo parse(String... arguments) {
        Demo demo = new Demo();
        new CommandLine(demo).parseArgs(arguments);
        return demo;
    }
}
