package touchline.sql;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * A Kafka topic that a query writes its result into. Brokers make none by themselves, and Flink's connector makes none either.
 *
 * @param compacted the newest record of a key is kept, for results that change; else every record, as long as brokers keep any
 */
record ResultTopic(String name, int partitions, boolean compacted) {

    private static final int TIMEOUT_MS = 5_000;

    /**
     * There it is, afterwards.
     *
     * @param settings the jobs', of which {@code kafka.bootstrap} and {@code kafka.clientProperties} tell the way
     * @return whether it had to be made
     * @throws IllegalArgumentException when it is there and keeps records in the other way, or may not have that name
     * @throws IllegalStateException when the brokers cannot be asked
     */
    boolean make(Map<String, String> settings) {
        try (Admin admin = Admin.create(client(settings))) {
            try {
                admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.<Short>empty())
                                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, policy()))))
                        .all()
                        .get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
                return true;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw refused(settings, Objects.requireNonNullElse(e.getCause(), e));
                }
            }
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
            String held = Objects.requireNonNull(admin.describeConfigs(List.of(topic))
                            .all()
                            .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                            .get(topic))
                    .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                    .value();
            if (!held.equals(policy())) {
                throw new IllegalArgumentException("topic=" + name + " is there already, with cleanup.policy=" + held
                        + " where " + policy() + " is asked: choose another name, or change it with Kafka's own tools");
            }
            return false;
        } catch (ExecutionException e) {
            throw refused(settings, Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw silent(settings, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String policy() {
        return compacted ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE;
    }

    private RuntimeException refused(Map<String, String> settings, Throwable cause) {
        if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
            return silent(settings, cause);
        }
        return new IllegalArgumentException("topic=" + name + " was refused by Kafka: " + cause.getMessage(), cause);
    }

    private static IllegalStateException silent(Map<String, String> settings, Throwable cause) {
        return new IllegalStateException(
                "Kafka at kafka.bootstrap=" + settings.get("kafka.bootstrap") + " did not answer within "
                        + TIMEOUT_MS / 1_000
                        + " s: does it run, and does kafka.clientProperties say how it wants to be spoken to",
                cause);
    }

    private static Properties client(Map<String, String> settings) {
        Properties client = new Properties();
        String file = settings.getOrDefault("kafka.clientProperties", "");
        if (!file.isEmpty()) {
            try (Reader reader = Files.newBufferedReader(Path.of(file))) {
                client.load(reader);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "kafka.clientProperties=" + file + " cannot be read: " + e.getMessage(), e);
            }
        }
        client.put("bootstrap.servers", settings.getOrDefault("kafka.bootstrap", ""));
        client.put("request.timeout.ms", Integer.toString(TIMEOUT_MS - 1_000));
        client.put("default.api.timeout.ms", Integer.toString(TIMEOUT_MS));
        return client;
    }
}
