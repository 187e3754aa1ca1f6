package touchline.jobs;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of both jobs: created when missing, and checked when present. A topic that is not as the contract wants it
 * stops the start with the command that repairs it; nothing that exists is ever changed or removed from here.
 */
final class Topics implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    private final KafkaConfig config;
    private final Admin admin;

    private Topics(KafkaConfig config) {
        this.config = config;
        this.admin = Admin.create(config.client());
    }

    /** What MarketJob needs. Returns the feed log's topic id. */
    static String forMarket(KafkaConfig config) {
        try (Topics topics = new Topics(config)) {
            topics.updates();
            topics.quotes();
            topics.rejected();
            return topics.feed();
        }
    }

    /** What IngestJob needs. Returns the feed log's topic id. */
    static String forIngest(KafkaConfig config) {
        try (Topics topics = new Topics(config)) {
            topics.rejected();
            return topics.feed();
        }
    }

    /**
     * Has the feed log stayed the one that the job was built for?
     *
     * @throws SuppressRestartsException when another topic has its name
     * @throws IllegalStateException when there is none, or no answer: it may be back for the next attempt
     */
    static void sameFeed(KafkaConfig config, String topicId) {
        try (Topics topics = new Topics(config)) {
            // A broker that has only just come back may not know its topics yet.
            String found = topics.describe(config.feedTopic())
                    .orElseThrow(() -> new IllegalStateException("topic " + config.feedTopic() + " is not there"))
                    .topicId()
                    .toString();
            if (!found.equals(topicId)) {
                throw new SuppressRestartsException(new IllegalStateException(anotherLog(topicId, found)));
            }
        }
    }

    /** What it means that the log was made anew, and what to do. */
    static String anotherLog(String id, String found) {
        return "the feed log was topic id " + id + " and is " + found
                + ": its topic was deleted, and no checkpoint means"
                + " anything in another one. Raise market.generation, start MarketJob without a savepoint, and IngestJob"
                + " without one, too, so that all is told again";
    }

    /**
     * The feed log.
     *
     * @return its topic id, which another log of the same name does not have
     */
    private String feed() {
        TopicDescription feed = ensure(
                config.feedTopic(),
                config.feedPartitions(),
                Map.of(
                        "message.timestamp.type", "LogAppendTime",
                        "cleanup.policy", "delete",
                        "retention.ms", String.valueOf(config.feedRetentionMs())));
        if (feed.partitions().size() != config.feedPartitions()) {
            throw new IllegalArgumentException("topic " + config.feedTopic() + " has "
                    + feed.partitions().size() + " partitions, kafka.feedPartitions="
                    + config.feedPartitions()
                    + ": a match would change its partition and its order. Set kafka.feedPartitions to the topic's"
                    + " count, or make a new topic and raise market.generation");
        }
        return feed.topicId().toString();
    }

    private void rejected() {
        ensure(
                config.rejectedTopic(),
                1,
                Map.of("cleanup.policy", "delete", "retention.ms", String.valueOf(config.rejectedRetentionMs())));
    }

    private void updates() {
        ensure(
                config.updatesTopic(),
                config.updatesPartitions(),
                Map.of("cleanup.policy", "delete", "retention.ms", String.valueOf(config.updatesRetentionMs())));
    }

    /** Small segments are compacted soon: who reads the topic reads all of it. */
    private void quotes() {
        ensure(
                config.quotesTopic(),
                config.updatesPartitions(),
                Map.of("cleanup.policy", "compact"),
                Map.of("segment.bytes", "16777216", "segment.ms", "600000", "min.cleanable.dirty.ratio", "0.3"));
    }

    private TopicDescription ensure(String name, int partitions, Map<String, String> settings) {
        return ensure(name, partitions, settings, Map.of());
    }

    /**
     * @param settings without which it will not do
     * @param initial with which it is created besides; whoever runs the brokers may choose others
     */
    private TopicDescription ensure(
            String name, int partitions, Map<String, String> settings, Map<String, String> initial) {
        Optional<TopicDescription> present = describe(name);
        if (present.isPresent()) {
            check(name, settings);
            return present.get();
        }
        Optional<Short> replicas =
                config.replicationFactor() == -1 ? Optional.empty() : Optional.of((short) config.replicationFactor());
        Map<String, String> all = new TreeMap<>(initial);
        all.putAll(settings);
        try {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), replicas).configs(all)))
                    .all()
                    .get(config.timeoutMs(), TimeUnit.MILLISECONDS);
            LOG.info("event=topic_created topic={} partitions={} settings={}", name, partitions, all);
        } catch (ExecutionException e) {
            // The other job may start at the same moment.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw unavailable("create topic " + name, e);
            }
        } catch (InterruptedException | TimeoutException e) {
            throw unavailable("create topic " + name, e);
        }
        TopicDescription description = awaitDescription(name);
        awaitLeaders(description);
        return description;
    }

    /**
     * A broker answers for a partition only when it knows that it leads it. An idempotent producer whose first batches meet
     * that moment may see its second accepted and its first refused, and repeats the first in vain until it gives up.
     */
    private void awaitLeaders(TopicDescription topic) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (TopicPartitionInfo partition : topic.partitions()) {
            ends.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest());
        }
        try {
            admin.listOffsets(ends).all().get(config.timeoutMs(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            throw unavailable("find the leaders of topic " + topic.name(), e);
        }
    }

    /** A broker may not know for a moment what the controller has just created. */
    private TopicDescription awaitDescription(String name) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.timeoutMs());
        while (true) {
            Optional<TopicDescription> description = describe(name);
            if (description.isPresent()) {
                return description.get();
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("topic " + name + " was created and is not to be seen at "
                        + config.bootstrap() + " after " + config.timeoutMs() + " ms");
            }
            Thread.onSpinWait();
        }
    }

    private Optional<TopicDescription> describe(String name) {
        try {
            return Optional.ofNullable(admin.describeTopics(List.of(name))
                    .allTopicNames()
                    .get(config.timeoutMs(), TimeUnit.MILLISECONDS)
                    .get(name));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw unavailable("describe topic " + name, e);
        } catch (InterruptedException | TimeoutException e) {
            throw unavailable("describe topic " + name, e);
        }
    }

    private void check(String name, Map<String, String> settings) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        Config actual;
        try {
            actual = Objects.requireNonNull(admin.describeConfigs(List.of(topic))
                    .all()
                    .get(config.timeoutMs(), TimeUnit.MILLISECONDS)
                    .get(topic));
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            throw unavailable("describe the settings of topic " + name, e);
        }
        Map<String, String> wrong = new HashMap<>();
        settings.forEach((key, value) -> {
            String present = actual.get(key).value();
            if (!value.equals(present) && !(key.equals("retention.ms") && keepsLonger(present, value))) {
                wrong.put(key, present);
            }
        });
        wrong.forEach((key, value) -> {
            throw new IllegalArgumentException("topic " + name + " has " + key + "=" + value + ", needed is "
                    + settings.get(key) + ": kafka-configs.sh --alter --entity-type topics --entity-name " + name
                    + " --add-config " + key + "=" + settings.get(key));
        });
    }

    private static boolean keepsLonger(String present, String needed) {
        long ms = Long.parseLong(present);
        return ms == -1 || ms > Long.parseLong(needed);
    }

    private IllegalStateException unavailable(String what, Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        String remedy = cause instanceof TimeoutException
                ? "no answer within kafka.timeoutMs=" + config.timeoutMs()
                        + "; are the brokers there, and does kafka.clientProperties say how they want to be spoken to"
                        + " (security.protocol, sasl.*)?"
                : cause.toString();
        return new IllegalStateException(
                "could not " + what + " at kafka.bootstrap=" + config.bootstrap() + ": " + remedy, cause);
    }

    @Override
    public void close() {
        // Nothing is out any more that could be waited for; its thread must not outlive the class loader of `flink
        // run`.
        admin.close(Duration.ZERO);
    }
}
