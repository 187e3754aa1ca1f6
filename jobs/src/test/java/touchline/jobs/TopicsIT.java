package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import touchline.config.Settings;
import touchline.sandbox.FreePort;

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
}
