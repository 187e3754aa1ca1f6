package touchline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import touchline.config.Settings;
import touchline.jobs.MarketJob;
import touchline.sandbox.FlinkServer;
import touchline.sandbox.KafkaServer;
import touchline.sandbox.RedisServer;

/** Kafka, Redis and Flink on this machine for one measurement, with the market job on them. */
final class Rig implements AutoCloseable {

    private static final String FLINK = "flink.";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<String, String> settings = new HashMap<>();
    final KafkaServer kafka;
    final RedisServer redis;
    final FlinkServer flink;

    /**
     * @param changes settings of the measurement
     * @param set settings of whoever measures, which win; with {@code flink.} in front, Flink's own
     */
    Rig(Map<String, String> changes, Map<String, String> set) {
        kafka = opened(KafkaServer.start(0));
        redis = opened(RedisServer.start(0));
        Configuration cluster = new Configuration();
        set.forEach((key, value) -> {
            if (key.startsWith(FLINK)) {
                cluster.setString(key.substring(FLINK.length()), value);
            }
        });
        flink = opened(FlinkServer.start(0, cluster));
        settings.put("kafka.bootstrap", kafka.bootstrap());
        settings.put("redis.uri", redis.uri());
        settings.putAll(changes);
        settings.putAll(set);
        settings.keySet().removeIf(key -> key.startsWith(FLINK));
    }

    <C extends AutoCloseable> C opened(C server) {
        open.push(server);
        return server;
    }

    Settings settings() {
        return new Settings(settings);
    }

    void set(String key, String value) {
        settings.put(key, value);
    }

    StreamExecutionEnvironment environment() {
        return StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    }

    /** Starts the market job and returns when it runs. */
    JobID startMarketJob() {
        StreamExecutionEnvironment env = environment();
        MarketJob.build(env, settings());
        return start(env, "MarketJob");
    }

    JobID start(StreamExecutionEnvironment env, String name) {
        JobID job = flink.submit(env.getStreamGraph().getJobGraph());
        await("job " + name + " to run", Duration.ofSeconds(60), () -> flink.status(job) == JobStatus.RUNNING);
        open.push(() -> flink.cancel(job));
        return job;
    }

    KafkaProducer<String, byte[]> producer(boolean fast) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, fast ? "5" : "0");
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, fast ? "262144" : "16384");
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, "67108864");
        return opened(new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer()));
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(String what, Duration limit, Condition condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (!condition.holds()) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("waited " + limit.toSeconds() + " s in vain for " + what);
                }
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + what, e);
        } catch (IllegalStateException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("waiting for " + what, e);
        }
    }

    /** A file of the project, found from the working directory upwards. */
    static Path project(String path) {
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            if (Files.exists(dir.resolve(path))) {
                return dir.resolve(path);
            }
        }
        throw new UncheckedIOException(
                new IOException(path + " is not in this directory or above: run in the project"));
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                System.err.println("closing: " + e);
            }
        }
    }
}
