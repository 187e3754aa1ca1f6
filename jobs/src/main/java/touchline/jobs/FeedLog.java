package touchline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import touchline.book.Quotation;
import touchline.book.QuotationJson;
import touchline.feed.Refused;
import touchline.feed.RefusedJson;
import touchline.update.MarketUpdate;
import touchline.update.UpdateJson;

/**
 * The topics as sources and sinks. The feed log is read from its beginning when there is no checkpoint, and never from
 * anywhere else than where the checkpoint says when there is one: a log that was trimmed beyond it stops the job.
 */
final class FeedLog {

    private final KafkaConfig config;

    FeedLog(KafkaConfig config) {
        this.config = config;
    }

    /**
     * All partitions, each in its order.
     *
     * @param topicId of the log that was found when the job was built: every attempt makes sure that it still is that one
     */
    KafkaSource<LogEntry> source(String topicId) {
        Properties properties = config.client();
        properties.setProperty("partition.discovery.interval.ms", "-1");
        properties.setProperty("fetch.min.bytes", "1");
        properties.setProperty("max.partition.fetch.bytes", String.valueOf(config.maxRecordBytes() + 100_000));
        return KafkaSource.<LogEntry>builder()
                .setTopics(config.feedTopic())
                .setGroupId("touchline-market")
                .setStartingOffsets(new Beginning())
                .setDeserializer(new Entries(config, topicId))
                .setProperties(properties)
                .build();
    }

    /**
     * Log time per partition, one below the largest timestamp: a record with that very timestamp may follow. Never idle:
     * a partition that is silent although ticks are written holds everything back, and readers see it as late.
     */
    static WatermarkStrategy<LogEntry> watermarks() {
        return WatermarkStrategy.<LogEntry>forGenerator(context -> new LargestTimestamp())
                .withTimestampAssigner((entry, timestamp) -> entry.timestamp);
    }

    Sink<FeedEntry> records() {
        String topic = config.feedTopic();
        return new OnePhaseSink<>(
                DeliveryGuarantee.AT_LEAST_ONCE,
                config.producer(),
                (entry, context, timestamp) -> new ProducerRecord<>(topic, entry.match.getBytes(UTF_8), entry.record));
    }

    /** One tick into the partition of each number. Lost ones are not missed: the next is due soon. */
    Sink<Integer> ticks() {
        String topic = config.feedTopic();
        return new OnePhaseSink<>(
                DeliveryGuarantee.NONE,
                unhurried(),
                (partition, context, timestamp) -> new ProducerRecord<>(topic, partition, null, LogTime.TICK));
    }

    Sink<Refused> rejected() {
        String topic = config.rejectedTopic();
        int limit = config.maxRecordBytes();
        return new OnePhaseSink<>(
                DeliveryGuarantee.AT_LEAST_ONCE,
                unhurried(),
                (refused, context, timestamp) -> new ProducerRecord<>(topic, rejectedJson(refused, limit)));
    }

    Sink<MarketUpdate> updates() {
        String topic = config.updatesTopic();
        return new OnePhaseSink<>(
                DeliveryGuarantee.AT_LEAST_ONCE,
                unhurried(),
                (update, context, timestamp) ->
                        new ProducerRecord<>(topic, update.match().getBytes(UTF_8), UpdateJson.write(update)));
    }

    /** A value per key and, for what is withdrawn, none: the topic is compacted, and the last one counts. */
    Sink<Quotation> quotes() {
        String topic = config.quotesTopic();
        return new OnePhaseSink<>(
                DeliveryGuarantee.AT_LEAST_ONCE,
                unhurried(),
                (quotation, context, timestamp) ->
                        new ProducerRecord<>(topic, QuotationJson.key(quotation), QuotationJson.value(quotation)));
    }

    /** Beside the way to the screen: a few milliseconds make batches, and spare the brokers a request per record. */
    private Properties unhurried() {
        Properties properties = config.producer();
        properties.setProperty("linger.ms", "5");
        return properties;
    }

    /** As much of the payload as fits: escapes in JSON take up to six bytes for one. */
    static byte[] rejectedJson(Refused refused, int limit) {
        byte[] json = RefusedJson.write(refused, limit);
        for (int payload = limit / 2; json.length > limit && payload > 0; payload /= 2) {
            json = RefusedJson.write(refused, payload);
        }
        return json;
    }

    private static final class Entries implements KafkaRecordDeserializationSchema<LogEntry> {
        private static final long serialVersionUID = 1L;

        private final KafkaConfig config;
        private final String topicId;

        Entries(KafkaConfig config, String topicId) {
            this.config = config;
            this.topicId = topicId;
        }

        /** Else a log that was made anew would be read from where the old one was left, as soon as it is that long. */
        @Override
        public void open(DeserializationSchema.InitializationContext context) {
            Topics.sameFeed(config, topicId);
        }

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<LogEntry> out) throws IOException {
            out.collect(new LogEntry(record.partition(), record.timestamp(), record.key(), record.value()));
        }

        @Override
        public TypeInformation<LogEntry> getProducedType() {
            return FlinkTypes.LOG_ENTRY;
        }
    }

    /** Where the log begins now; from there on an offset that is gone is an error and not a reason to skip. */
    private static final class Beginning implements OffsetsInitializer {
        private static final long serialVersionUID = 1L;

        @Override
        public Map<TopicPartition, Long> getPartitionOffsets(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
            return retriever.beginningOffsets(partitions);
        }

        @Override
        @SuppressWarnings("deprecation") // the connector's interface asks for the client's deprecated enum
        public org.apache.kafka.clients.consumer.OffsetResetStrategy getAutoOffsetResetStrategy() {
            return org.apache.kafka.clients.consumer.OffsetResetStrategy.NONE;
        }
    }

    private static final class LargestTimestamp implements WatermarkGenerator<LogEntry> {

        private long largest = Long.MIN_VALUE + 1;

        @Override
        public void onEvent(LogEntry entry, long timestamp, WatermarkOutput output) {
            largest = Math.max(largest, timestamp);
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            output.emitWatermark(new Watermark(largest - 1));
        }
    }
}
