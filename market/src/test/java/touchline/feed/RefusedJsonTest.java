package touchline.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RefusedJsonTest {

    private static final String PAYLOAD = "aé東🏆z";

    @Test
    void keepsAShortPayloadWhole() throws IOException {
        JsonNode json = write(PAYLOAD, 11);
        assertThat(json.toString())
                .isEqualTo(
                        "{\"reason\":\"bad_id\",\"match\":\"a:1\",\"source\":\"a/b\",\"detail\":\"match=x: no\",\"payload\":\""
                                + PAYLOAD + "\"}");
    }

    @Test
    void cutsALongPayloadBetweenCharactersAndSaysWhatItWas() throws IOException {
        assertThat(PAYLOAD.getBytes(UTF_8)).hasSize(11);
        String[] kept = {"", "a", "a", "aé", "aé", "aé", "aé東", "aé東", "aé東", "aé東", "aé東🏆"};
        for (int most = 0; most < kept.length; most++) {
            JsonNode json = write(PAYLOAD, most);
            assertThat(json.get("payload").textValue()).isEqualTo(kept[most]);
            assertThat(json.get("size").intValue()).isEqualTo(11);
            assertThat(json.get("sha256").textValue())
                    .isEqualTo("4d8a57155c7f414d4ed7d3fbb3589b868cd99050629767011c3883be3c6eb8ce");
        }
    }

    @Test
    void survivesHalfASurrogatePair() throws IOException {
        assertThat(write("x\ud800y", 99).get("payload").textValue())
                .startsWith("x")
                .endsWith("y");
        assertThat(write("x\ud800y", 2).get("payload").textValue())
                .startsWith("x")
                .hasSize(2);
    }

    @Test
    void everyReasonHasItsName() throws IOException {
        for (Refusal reason : Refusal.values()) {
            byte[] json = RefusedJson.write(new Refused(reason, "", "", "", ""), 10);
            assertThat(new ObjectMapper().readTree(json).get("reason").textValue())
                    .isEqualTo(reason.name().toLowerCase(Locale.ROOT));
        }
    }

    private static JsonNode write(String payload, int most) throws IOException {
        Refused refused = new Refused(Refusal.BAD_ID, "a:1", "a/b", "match=x: no", payload);
        return new ObjectMapper().readTree(RefusedJson.write(refused, most));
    }
}
