package touchline.sandbox;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real single-node Kafka in this JVM, broker and controller in one, on 127.0.0.1. Topics are never created by
 * themselves; timestamps and retention are left to the topics. Its data go with it.
 */
public final class KafkaServer implements AutoCloseable {

    private final TempDirectory directory;
    private final int port;
    private final Map<String, String> settings;
    private KafkaRaftServer server;

    private KafkaServer(TempDirectory directory, int port, Map<String, String> settings) {
        this.directory = directory;
        this.port = port;
        this.settings = settings;
        this.server = launch(settings);
    }

    /** @param port 0 for a free one */
    public static KafkaServer start(int port) {
        return start(port, Map.of());
    }

    /** @param extra broker settings, which win over the ones given here */
    public static KafkaServer start(int port, Map<String, String> extra) {
        TempDirectory directory = TempDirectory.create("kafka");
        int broker = FreePort.or(port);
        int controller = FreePort.find();
        try {
            Map<String, String> settings = settings(directory, broker, controller);
            settings.putAll(extra);
            try (PrintStream silence = new PrintStream(OutputStream.nullOutputStream())) {
                new Formatter()
                        .setPrintStream(silence)
                        .setNodeId(1)
                        .setClusterId(Uuid.randomUuid().toString())
                        .addDirectory(settings.get("log.dirs"))
                        .setMetadataLogDirectory(settings.get("log.dirs"))
                        .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                        .setControllerListenerName("CONTROLLER")
                        .run();
            }
            return new KafkaServer(directory, broker, settings);
        } catch (Exception e) {
            directory.close();
            throw new IllegalStateException("Kafka did not start on port " + broker, e);
        }
    }

    public int port() {
        return port;
    }

    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Stops the broker. What it holds, it has again after {@link #startAgain}. */
    public void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    /** Starts the stopped broker on its port, with all that it held. */
    public void startAgain() {
        server = launch(settings);
    }

    private static KafkaRaftServer launch(Map<String, String> settings) {
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        server.startup();
        return server;
    }

    @Override
    public void close() {
        stop();
        directory.close();
    }

    private static Map<String, String> settings(TempDirectory directory, int broker, int controller) {
        Map<String, String> s = new HashMap<>();
        s.put("process.roles", "broker,controller");
        s.put("node.id", "1");
        s.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        s.put("listeners", "PLAINTEXT://127.0.0.1:" + broker + ",CONTROLLER://127.0.0.1:" + controller);
        s.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + broker);
        s.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        s.put("controller.listener.names", "CONTROLLER");
        s.put("inter.broker.listener.name", "PLAINTEXT");
        s.put("log.dirs", directory.path().resolve("log").toString());
        s.put("auto.create.topics.enable", "false");
        s.put("num.network.threads", "2");
        s.put("num.io.threads", "2");
        s.put("background.threads", "2");
        s.put("num.recovery.threads.per.data.dir", "1");
        s.put("num.replica.fetchers", "1");
        s.put("log.cleaner.threads", "1");
        s.put("log.cleaner.dedupe.buffer.size", "4194304");
        s.put("offsets.topic.replication.factor", "1");
        s.put("offsets.topic.num.partitions", "1");
        s.put("transaction.state.log.replication.factor", "1");
        s.put("transaction.state.log.min.isr", "1");
        s.put("transaction.state.log.num.partitions", "1");
        s.put("share.coordinator.state.topic.replication.factor", "1");
        s.put("share.coordinator.state.topic.min.isr", "1");
        s.put("share.coordinator.state.topic.num.partitions", "1");
        s.put("group.initial.rebalance.delay.ms", "0");
        s.put("min.insync.replicas", "1");
        s.put("message.max.bytes", "16777216");
        s.put("replica.fetch.max.bytes", "16777216");
        s.put("controlled.shutdown.enable", "false");
        return s;
    }
}
