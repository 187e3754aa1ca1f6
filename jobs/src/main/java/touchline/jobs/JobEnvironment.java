package touchline.jobs;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.contrib.streaming.state.RocksDBConfigurableOptions;
import org.apache.flink.contrib.streaming.state.RocksDBOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What both jobs demand of Flink, whatever a cluster's own settings say. */
final class JobEnvironment {

    private JobEnvironment() {}

    /** @throws IllegalArgumentException when the environment is set to something that would break a promise */
    static void configure(StreamExecutionEnvironment env, JobConfig job) {
        if (env.getConfiguration().get(CheckpointingOptions.ENABLE_UNALIGNED)) {
            throw new IllegalArgumentException("execution.checkpointing.unaligned.enabled=true: updates in flight would"
                    + " come back in another exchange by shard; set it to false");
        }
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(job.checkpointMs()));
        configuration.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(RocksDBOptions.OPTIONS_FACTORY, StateFiles.class.getName());
        configuration.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        // What is written is read seldom, for books that are not at hand: fewer blocks cost less to write than they
        // cost to read.
        configuration.set(RocksDBConfigurableOptions.BLOCK_SIZE, MemorySize.parse("32kb"));
        if (!job.checkpointDir().isEmpty()) {
            configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
            configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, job.checkpointDir());
        }
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
                Duration.ofMillis(job.restartMs()));
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
                Duration.ofMillis(job.restartMaxMs()));
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                Duration.ofMillis(job.restartMaxMs() * 6));
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(job.watermarkMs()));
        configuration.set(PipelineOptions.MAX_PARALLELISM, job.maxParallelism());
        configuration.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofMillis(job.bufferMs()));
        env.configure(configuration);
        env.setParallelism(job.parallelism());
    }
}
