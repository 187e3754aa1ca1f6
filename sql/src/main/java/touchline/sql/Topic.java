package touchline.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import touchline.update.UpdateJson;

/**
 * A topic as a stream of entries, each partition in its order, with a watermark per partition: log time, and a little less
 * where records may stand a little out of their order. A partition without records does not hold the others back for long.
 */
final class Topic implements Serializable {
    private static final long serialVersionUID = 1L;

    /** An update that waited for a wake-up may stand behind one that came later. */
    private static final Duration DISORDER = Duration.ofSeconds(2);

    private static final Duration IDLE = Duration.ofSeconds(5);

    /** Where the log time of a record stands. */
    enum Clock {
        /** The broker's stamp. */
        RECORD,
        /** In the update that it holds. */
        UPDATE,
        /** In the quote that it holds; where there is none, the broker's stamp. */
        QUOTE
    }

    private final String name;
    private final Clock clock;
    private final Properties client;
    private final OffsetsInitializer from;
    private final boolean bounded;

    Topic(String name, Clock clock, Properties client, OffsetsInitializer from, boolean bounded) {
        this.name = name;
        this.clock = clock;
        this.client = client;
        this.from = from;
        this.bounded = bounded;
    }

    /** Up to what it holds when the query starts? */
    boolean isBounded() {
        return bounded;
    }

    SingleOutputStreamOperator<Entry> stream(ProviderContext context, StreamExecutionEnvironment env) {
        KafkaSourceBuilder<Entry> source = KafkaSource.<Entry>builder()
                .setTopics(name)
                .setStartingOffsets(from)
                .setDeserializer(new Entries(clock))
                .setProperties(client);
        if (bounded) {
            source.setBounded(OffsetsInitializer.latest());
        }
        WatermarkStrategy<Entry> watermarks = WatermarkStrategy.<Entry>forBoundedOutOfOrderness(DISORDER)
                .withTimestampAssigner((entry, timestamp) -> entry.logTime)
                .withIdleness(IDLE);
        SingleOutputStreamOperator<Entry> entries = env.fromSource(source.build(), watermarks, "topic " + name);
        context.generateUid("topic").ifPresent(entries::uid);
        return entries;
    }

    private static final class Entries implements KafkaRecordDeserializationSchema<Entry> {
        private static final long serialVersionUID = 1L;

        private static final byte[] NOTHING = {};

        private final Clock clock;

        Entries(Clock clock) {
            this.clock = clock;
        }

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Entry> out) {
            byte @Nullable [] key = record.key();
            byte @Nullable [] value = record.value();
            if (value != null || clock == Clock.QUOTE) {
                byte[] bytes = value == null ? NOTHING : value;
                String of = key == null ? "" : new String(key, UTF_8);
                out.collect(new Entry(of, logTime(record.timestamp(), bytes), record.timestamp(), bytes));
            }
        }

        private long logTime(long stamp, byte[] value) {
            return switch (clock) {
                case RECORD -> stamp;
                case UPDATE -> UpdateJson.read(value).times().log();
                case QUOTE -> {
                    @Nullable FlatJson quote = FlatJson.read(value);
                    @Nullable Long log = quote == null ? null : quote.number("log");
                    yield log == null ? stamp : log;
                }
            };
        }

        @Override
        public TypeInformation<Entry> getProducedType() {
            return Entry.TYPE;
        }
    }
}
