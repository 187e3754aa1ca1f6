package touchline.bench.relay;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/**
 * What one client holds: per match its position, of each cell the checksum, and their sums by group. It takes what a
 * relay sends as every client must, and says what was wrong with it; so each client of a crowd, not a sample, verifies
 * each message. Confined to one thread.
 */
final class Held {

    /** Cells and groups that a match may have. */
    private static final int CELLS = 48;

    private static final int GROUPS = 8;

    /** What a message was to the client. */
    enum Verdict {
        TAKEN,
        /** A patch that does not build on what is held. */
        GAP,
        /** Not above what is held: a client must drop it, and a relay should not send it. */
        BACK,
        /** Taken, and what is held now is not what the relay says. */
        WRONG_SUM
    }

    private @Nullable Position[] positions = new Position[4];
    private long[] stamps = new long[4];
    private long[] cells = new long[4 * CELLS];
    private long[] sums = new long[4 * GROUPS];

    Verdict take(Message message, Frames frames) {
        int match = message.match;
        grow(match);
        Position held = positions[match];
        if (message.op == Message.Op.GONE) {
            clear(match);
            positions[match] = null;
            return Verdict.TAKEN;
        }
        if (message.op == Message.Op.PATCH) {
            if (!message.from.equals(held)) {
                return held != null && held.compareTo(message.pos) >= 0 ? Verdict.BACK : Verdict.GAP;
            }
            if (message.pos.compareTo(held) <= 0) {
                return Verdict.BACK;
            }
        } else {
            if (held != null && message.pos.compareTo(held) < 0) {
                return Verdict.BACK;
            }
            clear(match);
        }
        // The position moves first: what follows is either the whole message or an error that is counted.
        positions[match] = message.pos;
        if (message.stamp >= 0) {
            stamps[match] = message.stamp;
        }
        for (int i = 0; i < message.cells.length; i++) {
            int cell = message.cells[i];
            int at = match * CELLS + cell;
            int group = match * GROUPS + frames.groupOf(cell);
            sums[group] = plus(minus(sums[group], cells[at]), message.sums[i]);
            cells[at] = message.sums[i];
        }
        for (int i = 0; i < message.groups.length; i++) {
            if (sums[match * GROUPS + message.groups[i]] != message.told[i]) {
                return Verdict.WRONG_SUM;
            }
        }
        return Verdict.TAKEN;
    }

    @Nullable
    Position position(int match) {
        return match < positions.length ? positions[match] : null;
    }

    /** The intended time of the newest price it has seen, us; 0 before the first. */
    long stamp(int match) {
        return match < stamps.length ? stamps[match] : 0;
    }

    long sum(int match, int group) {
        return sums[match * GROUPS + group];
    }

    /** The oldest of the newest prices of all matches held. */
    long oldestStamp(int matches) {
        long oldest = Long.MAX_VALUE;
        for (int match = 0; match < Math.min(matches, positions.length); match++) {
            if (positions[match] != null) {
                oldest = Math.min(oldest, stamps[match]);
            }
        }
        return oldest;
    }

    /** The {@code have} of a subscription. */
    String have(Frames frames) {
        StringBuilder json = new StringBuilder("{");
        for (int match = 0; match < positions.length; match++) {
            if (positions[match] != null) {
                json.append(json.length() > 1 ? "," : "")
                        .append('"')
                        .append(frames.matchName(match))
                        .append("\":[\"")
                        .append(positions[match])
                        .append("\"]");
            }
        }
        return json.append('}').toString();
    }

    /** As Redis tells it: positions and sums of the matches held here are these. */
    boolean matches(List<Expected> expected) {
        for (Expected match : expected) {
            Position held = position(match.match());
            if (held == null) {
                continue;
            }
            if (!held.equals(match.pos())) {
                return false;
            }
            for (int group = 0; group < GROUPS; group++) {
                if (sum(match.match(), group) != match.sum(group)) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * What every client should hold of a match.
     *
     * @param sums by the group's number
     */
    record Expected(int match, Position pos, List<Long> sums) {

        long sum(int group) {
            return group < sums.size() ? sums.get(group) : 0;
        }
    }

    private void clear(int match) {
        Arrays.fill(cells, match * CELLS, (match + 1) * CELLS, 0);
        Arrays.fill(sums, match * GROUPS, (match + 1) * GROUPS, 0);
    }

    private void grow(int match) {
        if (match >= positions.length) {
            int size = Math.max(2 * positions.length, match + 1);
            positions = Arrays.copyOf(positions, size);
            stamps = Arrays.copyOf(stamps, size);
            cells = Arrays.copyOf(cells, size * CELLS);
            sums = Arrays.copyOf(sums, size * GROUPS);
        }
    }

    /** Lane by lane, as {@link touchline.update.Checksum} adds. */
    private static long plus(long a, long b) {
        return ((a >>> 32) + (b >>> 32)) << 32 | ((a + b) & 0xffffffffL);
    }

    private static long minus(long a, long b) {
        return ((a >>> 32) - (b >>> 32)) << 32 | ((a - b) & 0xffffffffL);
    }
}
