package touchline.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Records that no honest source writes. */
final class Poison {

    private static final List<String> VALUES = List.of(
            "",
            "null",
            "{",
            "[]",
            "\u0000\u0001\u0002",
            "{\"match\":\"manual:x\"}",
            "{\"match\":\"manual:x\",\"source\":\"manual/documents\",\"seq\":[1,1],\"at\":1,\"seen\":1,\"nextMs\":1,\"kind\":\"quotes\",\"body\":7}",
            "{\"match\":\"manual:other\",\"source\":\"a/b\",\"seq\":[1,-1],\"at\":-5,\"seen\":9e99,\"nextMs\":0,\"kind\":\"score\",\"body\":{}}",
            "x".repeat(500_000));

    private Poison() {}

    /** A hundred and more, also without a value, and in partitions that are not their key's. */
    static void pour(String bootstrap) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrap);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 12; i++) {
                byte[] key = ("manual:poison-" + i).getBytes(UTF_8);
                for (String value : VALUES) {
                    producer.send(new ProducerRecord<>("feed", key, value.getBytes(UTF_8)))
                            .get();
                }
                producer.send(new ProducerRecord<>("feed", key, null)).get();
                producer.send(new ProducerRecord<>("feed", i * 5, key, "{}".getBytes(UTF_8)))
                        .get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("poison was not written", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
