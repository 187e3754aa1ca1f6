package touchline.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/** The last things that happened, for who wants to know how it came to that. Costs nothing while it is off. */
final class Trace {

    private static final int KEPT = 20_000;
    private static final int LONGEST = 600;

    private record Line(String match, String text) {}

    final boolean on;
    private final Timeline time;
    private final Deque<Line> lines = new ArrayDeque<>();

    Trace(boolean on, Timeline time) {
        this.on = on;
        this.time = time;
    }

    /** A time as it stands in the trace: ms since the beginning. */
    long at(long ms) {
        return ms - Timeline.START;
    }

    /** @param match the one it is about, empty when it is about all */
    void say(String match, String text) {
        String line = String.format("%7d  %s%s", time.elapsed(), match.isEmpty() ? "" : match + "  ", text);
        lines.add(new Line(match, line));
        if (lines.size() > KEPT) {
            lines.remove();
        }
    }

    /** The last lines that are about the match, or about all. */
    List<String> last(String match, int count) {
        List<String> last = new ArrayList<>();
        for (Line line : lines) {
            if (match.isEmpty() || line.match.isEmpty() || line.match.equals(match)) {
                String text = line.text;
                last.add(text.length() > LONGEST ? text.substring(0, LONGEST) + " ..." : text);
            }
        }
        return last.subList(Math.max(0, last.size() - count), last.size());
    }

    static String show(@Nullable FeedRecord record, @Nullable String payload) {
        String text = record == null ? String.valueOf(payload) : new String(FeedJson.write(record), UTF_8);
        return text.replace("\"", "");
    }

    static String show(MarketUpdate update) {
        return update.kind().json() + " " + show(update.position()) + " set=" + update.set() + " del=" + update.del();
    }

    static String show(@Nullable Position position) {
        return position == null
                ? "nothing"
                : position.generation() + "." + (position.created() - Timeline.START) + "-" + position.version();
    }
}
