package touchline.bench.relay;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** What a crowd has counted since it was told to begin. Confined to the crowd's thread; travels as words. */
final class Tally {

    static final long HIGHEST_MICROS = 600_000_000L;

    long frames;
    long bytes;
    /** Patches taken, each one counted also when many share a frame. */
    long patches;
    /** Updates in them: a merged patch counts for all that it merges. */
    long updates;

    long images;
    long alive;
    long late;
    long gaps;
    long back;
    long wrongSums;
    long unreadable;
    long opened;
    /** By the code with which the relay closed, or how else a connection ended. */
    final Map<String, Long> ends = new TreeMap<>();

    /** From the intended time of the newest price in a patch until a client holds it. */
    final Histogram delivered = new Histogram(HIGHEST_MICROS, 3);
    /** The same for every update, those included that were merged into a later one: until a client is past them. */
    final Histogram passed = new Histogram(HIGHEST_MICROS, 3);
    /** Age of the newest price that a client holds, sampled at random moments. */
    final Histogram age = new Histogram(HIGHEST_MICROS, 3);
    /** How long the oldest update that a client lacks was due, sampled at random moments; 0 where none is lacking. */
    final Histogram behind = new Histogram(HIGHEST_MICROS, 3);
    /** From the intended time of a suspension until a client holds it. */
    final Histogram suspended = new Histogram(HIGHEST_MICROS, 3);
    /** From the relay's death until a client was let in again. */
    final Histogram letIn = new Histogram(HIGHEST_MICROS, 3);
    /** From the relay's death until a client is current again. */
    final Histogram again = new Histogram(HIGHEST_MICROS, 3);

    private final Map<Long, Suspension> suspensions = new HashMap<>();

    private static final class Suspension {
        int clients;
        long lastMicros;
    }

    void ended(String how) {
        ends.merge(how, 1L, Long::sum);
    }

    void suspended(long stamp, long now) {
        suspended.recordValue(bounded(now - stamp));
        Suspension suspension = suspensions.computeIfAbsent(stamp, none -> new Suspension());
        suspension.clients++;
        suspension.lastMicros = now;
    }

    static long bounded(long micros) {
        return Math.min(Math.max(micros, 0), HIGHEST_MICROS);
    }

    void reset() {
        frames = bytes = patches = updates = images = alive = late = gaps = back = wrongSums = unreadable = opened = 0;
        ends.clear();
        suspensions.clear();
        for (Histogram histogram : histograms().values()) {
            histogram.reset();
        }
    }

    /** @param clients that each suspension must have reached, to count as one that reached the last of them */
    String words(int clients) {
        Histogram last = new Histogram(HIGHEST_MICROS, 3);
        int incomplete = 0;
        for (Map.Entry<Long, Suspension> entry : suspensions.entrySet()) {
            if (entry.getValue().clients >= clients) {
                last.recordValue(bounded(entry.getValue().lastMicros - entry.getKey()));
            } else {
                incomplete++;
            }
        }
        List<String> words = new ArrayList<>(List.of(
                "frames=" + frames,
                "bytes=" + bytes,
                "patches=" + patches,
                "updates=" + updates,
                "images=" + images,
                "alive=" + alive,
                "late=" + late,
                "gaps=" + gaps,
                "back=" + back,
                "wrongSums=" + wrongSums,
                "unreadable=" + unreadable,
                "opened=" + opened,
                "incomplete=" + incomplete,
                "ends=" + ends.toString().replace(" ", "")));
        Map<String, Histogram> all = histograms();
        all.put("last", last);
        all.forEach((name, histogram) -> words.add(name + "=" + text(histogram)));
        return String.join(" ", words);
    }

    private Map<String, Histogram> histograms() {
        Map<String, Histogram> histograms = new TreeMap<>();
        histograms.put("delivered", delivered);
        histograms.put("passed", passed);
        histograms.put("age", age);
        histograms.put("behind", behind);
        histograms.put("suspended", suspended);
        histograms.put("again", again);
        histograms.put("letIn", letIn);
        return histograms;
    }

    private static String text(Histogram histogram) {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes.array(), length));
    }

    static Histogram histogram(String text) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), 0);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a histogram", e);
        }
    }
}
