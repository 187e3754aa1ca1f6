package touchline.jobs;

import java.io.IOException;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;

/**
 * Kafka's sink without transactions: its writer, which has been confirmed everything when a checkpoint passes it, and no
 * committer behind it. Kafka's own would bring one that has nothing to do and, at every checkpoint, logs that its metrics
 * collide.
 */
final class OnePhaseSink<T> implements Sink<T> {
    private static final long serialVersionUID = 1L;

    private final KafkaSink<T> sink;

    OnePhaseSink(DeliveryGuarantee guarantee, Properties properties, KafkaRecordSerializationSchema<T> records) {
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            throw new IllegalArgumentException("guarantee=" + guarantee + ": its transactions need the second phase");
        }
        sink = KafkaSink.<T>builder()
                .setKafkaProducerConfig(properties)
                .setRecordSerializer(records)
                .setDeliveryGuarantee(guarantee)
                .build();
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
        return sink.createWriter(context);
    }

    /** Sink V2 still asks for this one; Flink calls the other. */
    @Override
    @Deprecated
    public SinkWriter<T> createWriter(InitContext context) {
        throw new UnsupportedOperationException("use createWriter(WriterInitContext)");
    }
}
