package touchline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import touchline.config.Settings;
import touchline.sandbox.Await;
import touchline.sandbox.Detour;
import touchline.sandbox.FreePort;
import touchline.sandbox.KafkaServer;

/** A connection to a broker that is open and never answers again, as after a firewall has forgotten it. */
class ForgottenConnectionIT {

    /** Less than a client waits that has not been told otherwise, with room for a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void isGivenUpForANewOneAndNothingIsLost() throws Exception {
        int broker = FreePort.find();
        try (Detour network = Detour.to(broker);
                KafkaServer server = KafkaServer.start(
                        broker, Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + network.port()))) {
            KafkaConfig config = new Settings(Map.of("kafka.bootstrap", "127.0.0.1:" + network.port()))
                    .as(KafkaConfig.class, "kafka");
            try (Admin admin = Admin.create(config.client())) {
                admin.createTopics(List.of(new NewTopic("feed", 1, (short) 1)))
                        .all()
                        .get();
            }
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(config.producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
                assertThat(send(producer, "before").get().offset()).isZero();
                network.forgetConnections();
                Future<RecordMetadata> sent = send(producer, "after");
                Await.until("the record to be written over a new connection", PATIENCE, sent::isDone);
                assertThat(sent.get().offset()).isEqualTo(1);
            }
            assertThat(server.port()).isEqualTo(broker);
        }
    }

    private static Future<RecordMetadata> send(KafkaProducer<byte[], byte[]> producer, String value) {
        return producer.send(new ProducerRecord<>("feed", value.getBytes(UTF_8)));
    }
}
