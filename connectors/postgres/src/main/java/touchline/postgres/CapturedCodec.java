package touchline.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.ManualDocument;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.feed.Seq;
import touchline.postgres.Captured.Beat;
import touchline.postgres.Captured.Document;
import touchline.postgres.Captured.LinkRow;
import touchline.postgres.Captured.Unusable;

/** {@link Captured} as bytes, for the way between two operators; not a format to keep. */
public final class CapturedCodec {

    private static final byte DOCUMENT = 1;
    private static final byte LINK = 2;
    private static final byte BEAT = 3;
    private static final byte UNUSABLE = 4;

    private CapturedCodec() {}

    public static byte[] write(Captured captured) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            if (captured instanceof Document document) {
                out.writeByte(DOCUMENT);
                text(out, FeedJson.write(document.record(0, 0)));
            } else if (captured instanceof LinkRow link) {
                out.writeByte(LINK);
                out.writeUTF(link.providerMatch());
                nullable(out, link.match());
                nullable(out, link.was());
                out.writeLong(link.generation());
                out.writeLong(link.rev());
                out.writeLong(link.at());
            } else if (captured instanceof Beat beat) {
                out.writeByte(BEAT);
                out.writeLong(beat.at());
            } else if (captured instanceof Unusable unusable) {
                out.writeByte(UNUSABLE);
                Refused refused = unusable.refused();
                out.writeUTF(refused.reason().name());
                text(out, refused.match().getBytes(UTF_8));
                text(out, refused.source().getBytes(UTF_8));
                text(out, refused.detail().getBytes(UTF_8));
                text(out, refused.payload().getBytes(UTF_8));
                out.writeBoolean(unusable.seq() != null);
                if (unusable.seq() != null) {
                    out.writeLong(unusable.seq().generation());
                    out.writeLong(unusable.seq().n());
                }
            }
            out.writeBoolean(captured.streamed());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    public static Captured read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte kind = in.readByte();
            return switch (kind) {
                case DOCUMENT -> document(FeedJson.read(text(in)), in.readBoolean());
                case LINK ->
                    new LinkRow(
                            in.readUTF(),
                            nullable(in),
                            nullable(in),
                            in.readLong(),
                            in.readLong(),
                            in.readLong(),
                            in.readBoolean());
                case BEAT -> new Beat(in.readLong(), in.readBoolean());
                case UNUSABLE -> {
                    Refused refused = new Refused(
                            Refusal.valueOf(in.readUTF()),
                            new String(text(in), UTF_8),
                            new String(text(in), UTF_8),
                            new String(text(in), UTF_8),
                            new String(text(in), UTF_8));
                    Seq seq = in.readBoolean() ? new Seq(in.readLong(), in.readLong()) : null;
                    yield new Unusable(refused, seq, in.readBoolean());
                }
                default ->
                    throw new IllegalStateException("captured row of kind " + kind + ": written by another version");
            };
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        } catch (RefusedException e) {
            throw new IllegalStateException("a document that was read once must be readable again: " + e.detail(), e);
        }
    }

    private static Document document(FeedRecord record, boolean streamed) {
        return new Document(
                record.match(),
                record.seq().generation(),
                record.seq().n(),
                record.at(),
                (ManualDocument) record.body(),
                streamed);
    }

    private static void nullable(DataOutputStream out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    private static @Nullable String nullable(DataInputStream in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }

    private static void text(DataOutputStream out, byte[] text) throws IOException {
        out.writeInt(text.length);
        out.write(text);
    }

    private static byte[] text(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }
}
