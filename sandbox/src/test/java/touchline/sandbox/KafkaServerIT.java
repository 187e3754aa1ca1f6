package touchline.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaServerIT {

    @Test
    void keepsRecordsInOrderWithTheTopicsOwnTimestamps() throws Exception {
        try (KafkaServer kafka = KafkaServer.start(0)) {
            Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrap());
            try (Admin admin = Admin.create(client)) {
                NewTopic topic =
                        new NewTopic("t", 1, (short) 1).configs(Map.of("message.timestamp.type", "LogAppendTime"));
                admin.createTopics(List.of(topic)).all().get();
                assertThat(admin.listTopics().names().get()).containsExactly("t");
            }
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (int i = 0; i < 3; i++) {
                    producer.send(new ProducerRecord<>("t", Integer.toString(i).getBytes(UTF_8)))
                            .get();
                }
            }
            List<String> read = new ArrayList<>();
            try (KafkaConsumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                TopicPartition partition = new TopicPartition("t", 0);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                Await.until("three records", Duration.ofSeconds(30), () -> {
                    consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                        assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
                        read.add(new String(record.value(), UTF_8));
                    });
                    return read.size() >= 3;
                });
            }
            assertThat(read).containsExactly("0", "1", "2");
        }
    }

    @Test
    void hasWhatItHeldAfterItWasStopped() throws Exception {
        try (KafkaServer kafka = KafkaServer.start(0)) {
            Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrap());
            try (Admin admin = Admin.create(client)) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1)))
                        .all()
                        .get();
            }
            kafka.stop();
            kafka.startAgain();
            assertThat(kafka.bootstrap()).isEqualTo(client.get("bootstrap.servers"));
            try (Admin admin = Admin.create(client)) {
                assertThat(admin.listTopics().names().get()).containsExactly("t");
            }
        }
    }
}
