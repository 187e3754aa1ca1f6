package touchline.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.simulator.RedisModel.Answer;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Times;

/** All that Redis holds of one shard, and how apply.lua judges an update against it. */
final class RedisShard {

    /** An entry of the stream. */
    record StreamEntry(long id, long prev, MarketUpdate update) {}

    /** A match's hash: cells and sums as they were told. */
    record Stored(
            Position position,
            boolean ended,
            SortedMap<String, String> cells,
            SortedMap<String, @Nullable String> sums) {

        private static final Stored NOTHING =
                new Stored(new Position(0, 0, 0), false, new TreeMap<>(), new TreeMap<>());

        static Stored after(@Nullable Stored before, MarketUpdate update, boolean merges) {
            Stored under = before != null && (update.kind() == MarketUpdate.Kind.PATCH || merges) ? before : NOTHING;
            SortedMap<String, String> cells = new TreeMap<>(under.cells);
            SortedMap<String, @Nullable String> sums = new TreeMap<>(under.sums);
            cells.putAll(update.set());
            cells.keySet().removeAll(update.del());
            sums.putAll(update.sums());
            sums.values().removeIf(Objects::isNull);
            return new Stored(update.position(), update.kind() == MarketUpdate.Kind.END, cells, sums);
        }

        /** As a reader makes it of the hash. */
        MarketUpdate image(String match) {
            return new MarketUpdate(
                    match,
                    position,
                    ended ? MarketUpdate.Kind.END : MarketUpdate.Kind.IMAGE,
                    cells,
                    new TreeSet<>(),
                    sums,
                    new Times(0, 0, 0, 0, 0));
        }
    }

    /**
     * @param applies it is new
     * @param again it is an image of what is held: the cells are written once more
     * @param stops the batch ends before it
     */
    record Verdict(boolean applies, boolean again, @Nullable Answer stops, String detail) {

        static final Verdict APPLIED = new Verdict(true, false, null, "");
        static final Verdict REPEAT = new Verdict(false, false, null, "");
        static final Verdict AGAIN = new Verdict(false, true, null, "");

        static Verdict stop(Answer answer, String detail) {
            return new Verdict(false, false, answer, detail);
        }
    }

    final int number;
    /** Counts claims; 0 while nobody has claimed it since it is empty. */
    long writer;

    int generation;
    long call;
    long last;
    long beat;
    final Map<String, Stored> hashes = new TreeMap<>();
    final List<StreamEntry> stream = new ArrayList<>();

    RedisShard(int number) {
        this.number = number;
    }

    RedisShard copy() {
        RedisShard copy = new RedisShard(number);
        copy.writer = writer;
        copy.generation = generation;
        copy.call = call;
        copy.last = last;
        copy.beat = beat;
        copy.hashes.putAll(hashes);
        copy.stream.addAll(stream);
        return copy;
    }

    void append(long id, MarketUpdate update) {
        stream.add(new StreamEntry(id, last, update));
        last = id;
    }

    void trim(int max) {
        while (stream.size() > max) {
            stream.remove(0);
        }
    }

    Verdict judge(@Nullable Stored held, MarketUpdate update, Chain chain) {
        boolean patch = update.kind() == MarketUpdate.Kind.PATCH;
        Verdict gap = Verdict.stop(Answer.GAP, "");
        if (held == null) {
            return patch ? gap : Verdict.APPLIED;
        }
        Position here = held.position;
        Position given = update.position();
        if (given.generation() < here.generation()) {
            return Verdict.stop(Answer.OLD_EPOCH, "");
        }
        if (given.generation() > here.generation() || given.created() > here.created()) {
            return patch ? gap : Verdict.APPLIED;
        }
        if (given.created() < here.created()) {
            return chain.has(Flaw.OLDER_BOOK_ACCEPTED) && !patch ? Verdict.APPLIED : Verdict.REPEAT;
        }
        if (given.version() < here.version()) {
            return chain.has(Flaw.NO_REPEAT_CHECK_IN_REDIS) ? Verdict.APPLIED : Verdict.REPEAT;
        }
        if (given.version() > here.version()) {
            return patch && given.version() > here.version() + 1 ? gap : Verdict.APPLIED;
        }
        for (Map.Entry<String, @Nullable String> sum : update.sums().entrySet()) {
            String is = held.sums.get(sum.getKey());
            if (!Objects.equals(is, sum.getValue())) {
                return Verdict.stop(Answer.DIVERGED, sum.getKey() + " has " + is + " and not " + sum.getValue());
            }
        }
        return update.kind() == MarketUpdate.Kind.IMAGE ? Verdict.AGAIN : Verdict.REPEAT;
    }
}
