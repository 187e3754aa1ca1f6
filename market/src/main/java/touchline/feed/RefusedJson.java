package touchline.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** A refusal as JSON, for the topic {@code feed.rejected}. */
public final class RefusedJson {

    private RefusedJson() {}

    /**
     * @param maxPayload a payload of more bytes of UTF-8 is cut there, before the character that would be broken, and
     *     carries its whole {@code size} and {@code sha256}
     */
    public static byte[] write(Refused refused, int maxPayload) {
        byte[] payload = refused.payload().getBytes(UTF_8);
        try (ByteArrayBuilder out = new ByteArrayBuilder()) {
            try (JsonGenerator json = FeedJson.FACTORY.createGenerator(out)) {
                json.writeStartObject();
                json.writeStringField("reason", refused.reason().name().toLowerCase(Locale.ROOT));
                json.writeStringField("match", refused.match());
                json.writeStringField("source", refused.source());
                json.writeStringField("detail", refused.detail());
                if (payload.length <= maxPayload) {
                    json.writeStringField("payload", refused.payload());
                } else {
                    json.writeStringField(
                            "payload", new String(payload, 0, wholeCharacters(payload, maxPayload), UTF_8));
                    json.writeNumberField("size", payload.length);
                    json.writeStringField("sha256", sha256(payload));
                }
                json.writeEndObject();
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    private static int wholeCharacters(byte[] utf8, int most) {
        int end = most;
        while (end > 0 && (utf8[end] & 0xc0) == 0x80) {
            end--;
        }
        return end;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
