package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import touchline.config.Settings;
import touchline.sandbox.FreePort;
import touchline.sandbox.KafkaServer;

class TopicsIT {

    @Test
    void brokersThatDoNotAnswerAreNamedWithWhatToLookAt() {
        String bootstrap = "127.0.0.1:" + FreePort.find();
        KafkaConfig kafka = new Settings(Map.of("kafka.bootstrap", bootstrap, "kafka.timeoutMs", "500"))
                .as(KafkaConfig.class, "kafka");
        assertThatThrownBy(() -> Topics.forMarket(kafka))
                .hasMessageContainingAll(
                        "kafka.bootstrap=" + bootstrap, "kafka.timeoutMs=500", "kafka.clientProperties");
    }

    @Test
    void quotesAreKeptByTheirKeysWhoeverMadeTheTopic() throws Exception {
        try (KafkaServer server = KafkaServer.start(0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrap()))) {
            KafkaConfig kafka =
                    new Settings(Map.of("kafka.bootstrap", server.bootstrap())).as(KafkaConfig.class, "kafka");
            admin.createTopics(List.of(new NewTopic("quotes", 1, (short) 1)
                            .configs(Map.of("cleanup.policy", "compact", "segment.ms", "7000"))))
                    .all()
                    .get();
            Topics.forMarket(kafka);
            KafkaConfig other = new Settings(
                            Map.of("kafka.bootstrap", server.bootstrap(), "kafka.quotesTopic", kafka.updatesTopic()))
                    .as(KafkaConfig.class, "kafka");
            assertThatThrownBy(() -> Topics.forMarket(other))
                    .hasMessageContainingAll(
                            "topic updates has cleanup.policy=delete", "--add-config cleanup.policy=compact");
        }
    }
}
