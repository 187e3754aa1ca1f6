package touchline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A record's bytes in the text of a refusal, so that nothing of them is lost. */
final class Payload {

    private Payload() {}

    /** The text itself; {@code base64:...} where the bytes are none; empty for a record without a value. */
    static String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "";
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return "base64:" + Base64.getEncoder().encodeToString(bytes);
        }
    }
}
