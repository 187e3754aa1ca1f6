package touchline.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A stream and a reader's place in it.
 *
 * @param after the id of the last entry that was read
 * @param until the last one to read; null for all that will come
 */
record StreamSplit(String stream, String after, @Nullable String until) implements SourceSplit {

    @Override
    public String splitId() {
        return stream;
    }

    StreamSplit read(String id) {
        return new StreamSplit(stream, id, until);
    }

    /** By time, then number; both are unsigned. */
    static int compare(String id, String other) {
        int byTime = Long.compareUnsigned(timeOf(id), timeOf(other));
        return byTime != 0 ? byTime : Long.compareUnsigned(numberOf(id), numberOf(other));
    }

    /** When Redis took an entry, ms UTC by its clock, unless whoever wrote it gave the id. */
    static long timeOf(String id) {
        return Long.parseUnsignedLong(id.substring(0, id.indexOf('-')));
    }

    private static long numberOf(String id) {
        return Long.parseUnsignedLong(id.substring(id.indexOf('-') + 1));
    }

    boolean isRead() {
        return until != null && compare(after, until) >= 0;
    }

    /** Splits as bytes, in checkpoints and on their way to the reader. */
    static final class Serializer implements SimpleVersionedSerializer<StreamSplit> {

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(StreamSplit split) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            write(split, new DataOutputStream(bytes));
            return bytes.toByteArray();
        }

        @Override
        public StreamSplit deserialize(int version, byte[] serialized) throws IOException {
            if (version != getVersion()) {
                throw new IOException("a split of format " + version + ", not " + getVersion());
            }
            return read(new DataInputStream(new ByteArrayInputStream(serialized)));
        }

        static void write(StreamSplit split, DataOutputStream out) throws IOException {
            out.writeUTF(split.stream);
            out.writeUTF(split.after);
            out.writeUTF(split.until == null ? "" : split.until);
        }

        static StreamSplit read(DataInputStream in) throws IOException {
            String stream = in.readUTF();
            String after = in.readUTF();
            String until = in.readUTF();
            return new StreamSplit(stream, after, until.isEmpty() ? null : until);
        }
    }
}
