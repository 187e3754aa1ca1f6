package touchline.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.book.Quotation;
import touchline.book.QuotationJson;

/**
 * The quotes topic read once, from its beginning to the end that it has when reading begins. Nothing of it is kept in
 * memory, so a key that stands there in several versions is withdrawn several times: compaction sees to that.
 */
final class FormerQuotes implements QuoteTopic.Former {
    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = LoggerFactory.getLogger(FormerQuotes.class);

    private final KafkaConfig config;

    FormerQuotes(KafkaConfig config) {
        this.config = config;
    }

    @Override
    public void withdraw(Predicate<String> match, Consumer<Quotation> withdrawn) {
        Properties properties = config.client();
        properties.setProperty("enable.auto.commit", "false");
        properties.setProperty("allow.auto.create.topics", "false");
        long count = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Duration patience = Duration.ofMillis(config.timeoutMs());
            List<TopicPartition> partitions = consumer.partitionsFor(config.quotesTopic(), patience).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, patience);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long heard = System.nanoTime();
            while (isShort(consumer, ends)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    heard = System.nanoTime();
                    Quotation quotation = read(record);
                    if (quotation != null && match.test(quotation.match())) {
                        withdrawn.accept(quotation);
                        count++;
                    }
                }
                if (System.nanoTime() - heard > TimeUnit.MILLISECONDS.toNanos(config.timeoutMs())) {
                    throw new IllegalStateException("topic " + config.quotesTopic()
                            + " could not be read to its end: no record within kafka.timeoutMs=" + config.timeoutMs());
                }
            }
        }
        LOGGER.info("event=former_quotes_withdrawn topic={} records={}", config.quotesTopic(), count);
    }

    private static boolean isShort(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            if (consumer.position(end.getKey()) < end.getValue()) {
                return true;
            }
        }
        return false;
    }

    /** Null for what is withdrawn already, and for what is none of ours. */
    private @Nullable Quotation read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null || record.key() == null) {
            return null;
        }
        try {
            return QuotationJson.withdrawn(record.key(), 0);
        } catch (IllegalArgumentException e) {
            LOGGER.warn(
                    "event=foreign_record topic={} partition={} offset={}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            return null;
        }
    }
}
