package touchline.oddsapi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * One sport's odds or scores, and how far its polls have come.
 *
 * @param generation of the reader that polled it last, 0 before the first one
 * @param lastN the place of the last poll within it
 * @param known ids of the matches that the last successful poll had; a match that vanishes while nobody polls is found
 *     missing by these
 * @param refusedAt what was refused and when that was last said, see {@link Refusals}
 */
public record OddsApiSplit(
        Group group,
        String sport,
        long generation,
        long lastN,
        SortedSet<String> known,
        SortedMap<Long, Long> refusedAt)
        implements SourceSplit {

    /** The endpoint. */
    public enum Group {
        ODDS("oddsapi/odds"),
        SCORES("oddsapi/scores");

        private final String stream;

        Group(String stream) {
            this.stream = stream;
        }

        /** The source stream that its polls make. */
        public String stream() {
            return stream;
        }
    }

    public OddsApiSplit {
        known = Collections.unmodifiableSortedSet(new TreeSet<>(known));
        refusedAt = Collections.unmodifiableSortedMap(new TreeMap<>(refusedAt));
    }

    OddsApiSplit(Group group, String sport) {
        this(group, sport, 0, 0, Collections.emptySortedSet());
    }

    OddsApiSplit(Group group, String sport, long generation, long lastN, SortedSet<String> known) {
        this(group, sport, generation, lastN, known, Collections.emptySortedMap());
    }

    /** For a reader that starts with this generation. */
    OddsApiSplit restarted(long readersGeneration) {
        return new OddsApiSplit(group, sport, readersGeneration, 0, known, refusedAt);
    }

    OddsApiSplit polled(long n, SortedSet<String> ids, Map<Long, Long> refused) {
        return new OddsApiSplit(group, sport, generation, n, ids, new TreeMap<>(refused));
    }

    @Override
    public String splitId() {
        return group.stream() + "/" + sport;
    }

    /** Splits as bytes, in checkpoints and on their way to the reader. */
    static final class Serializer implements SimpleVersionedSerializer<OddsApiSplit> {

        @Override
        public int getVersion() {
            return 2;
        }

        @Override
        public byte[] serialize(OddsApiSplit split) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeUTF(split.group.name());
            out.writeUTF(split.sport);
            out.writeLong(split.generation);
            out.writeLong(split.lastN);
            out.writeInt(split.known.size());
            for (String id : split.known) {
                out.writeUTF(id);
            }
            out.writeInt(split.refusedAt.size());
            for (Map.Entry<Long, Long> refused : split.refusedAt.entrySet()) {
                out.writeLong(refused.getKey());
                out.writeLong(refused.getValue());
            }
            return bytes.toByteArray();
        }

        @Override
        public OddsApiSplit deserialize(int version, byte[] serialized) throws IOException {
            if (version != getVersion()) {
                throw new IOException("a split of format " + version + ", not " + getVersion());
            }
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
            Group group = Group.valueOf(in.readUTF());
            String sport = in.readUTF();
            long generation = in.readLong();
            long lastN = in.readLong();
            SortedSet<String> known = new TreeSet<>();
            for (int left = in.readInt(); left > 0; left--) {
                known.add(in.readUTF());
            }
            SortedMap<Long, Long> refusedAt = new TreeMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                refusedAt.put(in.readLong(), in.readLong());
            }
            return new OddsApiSplit(group, sport, generation, lastN, known, refusedAt);
        }
    }
}
