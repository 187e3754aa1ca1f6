package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.config.Settings;

class JobGraphTest {

    private static final Map<String, String> SETTINGS = Map.of(
            "kafka.bootstrap", "127.0.0.1:1",
            "oddsapi.sports", "soccer_epl",
            "oddsapi.apiKey", "env:PATH");

    private interface Build extends BiConsumer<StreamExecutionEnvironment, Settings> {}

    static Stream<Arguments> jobs() {
        Build market = (env, settings) -> MarketJob.build(env, settings, kafka -> "topic-id");
        Build ingest = (env, settings) -> IngestJob.build(env, settings, kafka -> "topic-id");
        return Stream.of(Arguments.of("MarketJob", market), Arguments.of("IngestJob", ingest));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void everyStageHasANameAndAnIdThatStateIsFoundBy(String name, Build job) {
        for (StreamNode node : graph(job).getStreamNodes()) {
            assertThat(node.getTransformationUID()).as("uid of " + node).isNotBlank();
            assertThat(node.getOperatorName()).as("name of " + node).isNotBlank();
        }
    }

    /** There is nothing to commit, and Flink's committers warn at every checkpoint of their own metrics. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void noSinkHasASecondPhase(String name, Build job) {
        assertThat(graph(job).getStreamNodes())
                .extracting(StreamNode::getOperatorName)
                .noneMatch(operator -> operator.contains("Committer"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void nothingTravelsThroughKryo(String name, Build job) {
        StreamExecutionEnvironment env = environment();
        job.accept(env, new Settings(SETTINGS));
        assertThat(env.getConfiguration().get(PipelineOptions.GENERIC_TYPES)).isFalse();
        for (StreamNode node : env.getStreamGraph().getStreamNodes()) {
            for (TypeSerializer<?> in : node.getTypeSerializersIn()) {
                assertThat(in).as("into " + node).isNotInstanceOf(KryoSerializer.class);
            }
            assertThat(node.getTypeSerializerOut()).as("out of " + node).isNotInstanceOf(KryoSerializer.class);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void checkpointsAreAlignedIncrementalAndKept(String name, Build job) {
        StreamExecutionEnvironment env = environment();
        job.accept(env, new Settings(SETTINGS));
        Configuration set = new Configuration();
        set.addAll((Configuration) env.getConfiguration());
        assertThat(set.get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE))
                .isEqualTo(CheckpointingMode.EXACTLY_ONCE);
        assertThat(set.get(CheckpointingOptions.ENABLE_UNALIGNED)).isFalse();
        assertThat(set.get(CheckpointingOptions.INCREMENTAL_CHECKPOINTS)).isTrue();
        assertThat(set.get(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION))
                .isEqualTo(ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        assertThat(set.get(StateBackendOptions.STATE_BACKEND)).isEqualTo("rocksdb");
        assertThat(env.getCheckpointInterval()).isEqualTo(1_000);
        assertThat(env.getMaxParallelism()).isEqualTo(128);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void unalignedCheckpointsAreRefused(String name, Build job) {
        Configuration unaligned = new Configuration();
        unaligned.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(unaligned);
        assertThatThrownBy(() -> job.accept(env, new Settings(SETTINGS)))
                .hasMessageContaining("execution.checkpointing.unaligned.enabled");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void anUnknownSettingIsRefusedAndTheNearestNamed(String name, Build job) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("redis.shrads", "16");
        assertThatThrownBy(() -> job.accept(environment(), new Settings(settings)))
                .hasMessageContaining("redis.shrads")
                .hasMessageContaining("redis.shards");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jobs")
    void theGraphTravels(String name, Build job) {
        assertThat(graph(job).getJobGraph().getVertices()).isNotEmpty();
    }

    private static StreamGraph graph(Build job) {
        StreamExecutionEnvironment env = environment();
        job.accept(env, new Settings(SETTINGS));
        return env.getStreamGraph();
    }

    private static StreamExecutionEnvironment environment() {
        return StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    }
}
