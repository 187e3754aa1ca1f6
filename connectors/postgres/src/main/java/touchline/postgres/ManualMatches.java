package touchline.postgres;

import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.cdc.connectors.postgres.source.PostgresSourceBuilder.PostgresIncrementalSource;
import org.apache.flink.cdc.connectors.postgres.source.config.PostgresSourceConfigFactory;
import org.apache.flink.cdc.connectors.postgres.source.offset.PostgresOffsetFactory;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What operators write, as a stream: the rows that are there, then every change, each within milliseconds of its commit.
 * At least once, in the order of revisions per match; nothing is lost while the slot and the job's state live. It does not
 * reconnect by itself: a lost connection fails the job, and so does one that is open and brings nothing any more; the job
 * must have a restart strategy. One such source per JVM, since
 * Flink CDC closes the connections of all when one ends.
 */
public final class ManualMatches {

    private static final String[] TABLES = {
        "touchline\\.match_document", "touchline\\.link_state", "touchline\\.heartbeat"
    };

    private ManualMatches() {}

    /**
     * The source and, chained to it, the writer of its heartbeats and what hands on in its place what it should have brought;
     * parallelism one.
     *
     * @param type how rows travel between operators, see {@link CapturedCodec}
     */
    public static DataStream<Captured> stream(
            StreamExecutionEnvironment env, PostgresSettings settings, TypeInformation<Captured> type) {
        DataStream<Captured> rows = env.fromSource(
                        source(settings, type), WatermarkStrategy.noWatermarks(), "operators' database", type)
                .uid("postgres-source")
                .setParallelism(1);
        return watched(rows, settings, type);
    }

    /** What is chained to a source. */
    static DataStream<Captured> watched(
            DataStream<Captured> rows, PostgresSettings settings, TypeInformation<Captured> type) {
        return rows.transform("operators' database heartbeat", type, new HeartbeatOperator(settings))
                .uid("postgres-heartbeat")
                .setParallelism(1)
                .flatMap(new Reconciler(settings))
                .returns(type)
                .name("operators' database reconciled")
                .uid("postgres-reconciler")
                .setParallelism(1);
    }

    /** The source alone; something must write the heartbeat, see {@link HeartbeatWriter}. */
    public static Source<Captured, ?, ?> source(PostgresSettings settings, TypeInformation<Captured> type) {
        WalPositionLocatorCheck.verify();
        return source(settings, type, Duration.ZERO);
    }

    /**
     * @param debeziumHeartbeat zero: Debezium's own heartbeats store positions at which its search for the place to resume
     *     loses rows (our {@code WalPositionLocator} does not, but one remedy is no reason to leave out the other)
     */
    static Source<Captured, ?, ?> source(
            PostgresSettings settings, TypeInformation<Captured> type, Duration debeziumHeartbeat) {
        PostgresSourceConfigFactory factory = PostgresIncrementalSource.<Captured>builder()
                .hostname(settings.host())
                .port(settings.port())
                .database(settings.database())
                .schemaList("touchline")
                .tableList(TABLES)
                .username(settings.user())
                // The driver asks PasswordFrom instead.
                .password("")
                .decodingPluginName("pgoutput")
                .slotName(settings.slot())
                .debeziumProperties(debezium(settings))
                .heartbeatInterval(debeziumHeartbeat)
                // Otherwise the slot moves three checkpoints late.
                .lsnCommitCheckpointsDelay(0)
                .connectTimeout(Duration.ofMillis(settings.timeoutMs()))
                .getConfigFactory();
        return new PostgresIncrementalSource<>(
                factory, new CapturedRows(type), new PostgresOffsetFactory(), new DriverDialect(factory.create(0)));
    }

    private static Properties debezium(PostgresSettings settings) {
        Properties properties = new Properties();
        properties.setProperty("publication.name", settings.publication());
        // A role that may read must not be able to make publications, and FOR ALL TABLES would be the default.
        properties.setProperty("publication.autocreate.mode", "disabled");
        properties.setProperty("poll.interval.ms", Integer.toString(settings.pollMs()));
        properties.setProperty("max.batch.size", Integer.toString(settings.batch()));
        // The old connection may hold the slot for a moment after a restart; the default waits ten seconds for it.
        properties.setProperty("slot.retry.delay.ms", "100");
        properties.setProperty("slot.max.retries", "100");
        settings.driverProperties().forEach((name, value) -> properties.setProperty("database." + name, value));
        return properties;
    }
}
