package touchline.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.book.MarketMachine;
import touchline.book.Step;
import touchline.feed.FeedRecord;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.feed.Seq;
import touchline.simulator.Checkpoint.Keyed;
import touchline.simulator.FeedLogModel.Entry;
import touchline.update.MarketUpdate;

/**
 * The shell around the machine, as MarketOperator is: wakes books by event-time timers, and after a restore has every book
 * send its image before its first update, and all of them before log time goes on.
 */
final class MarketTask extends Task {

    private final SortedMap<String, Keyed> books = new TreeMap<>();
    private final Deque<String> toImage = new ArrayDeque<>();
    private final Bookkeeper keeper;
    private long held = Long.MIN_VALUE;
    private long repeats;
    /** Few books are quick, many are not. */
    private final int imagePaceMs;

    private long imageAt;

    MarketTask(AttemptModel attempt, int inputs) {
        super(attempt, inputs);
        imagePaceMs = chain.chance(30) ? 400 : 6;
        keeper = new Bookkeeper(attempt.machine, chain.has(Flaw.EPOCH_CELL_RESTARTS));
    }

    void restore(String match, Keyed keyed) {
        books.put(match, keyed);
    }

    void restored() {
        List<String> order = new ArrayList<>(books.keySet());
        Collections.shuffle(order, chain.random);
        for (String match : order) {
            if (MarketMachine.isLive(keyed(match).store)) {
                toImage.addFirst(match);
            } else {
                toImage.addLast(match);
            }
        }
        wake();
    }

    @Override
    boolean work(int elements) {
        if (!toImage.isEmpty() && chain.time.now() >= imageAt) {
            imageNext();
            imageAt = chain.time.now() + chain.upTo(imagePaceMs);
            chain.time.in(imageAt - chain.time.now(), this::wake);
        }
        for (int i = 0; i < elements && hasInput(); i++) {
            takeOne();
        }
        return hasInput();
    }

    private void imageNext() {
        String match = toImage.remove();
        imageOnce(match, keyed(match));
        if (toImage.isEmpty() && held > Long.MIN_VALUE) {
            long mark = held;
            held = Long.MIN_VALUE;
            pass(mark);
        }
    }

    @Override
    void took(Element element) {
        Told told = (Told) element;
        Entry entry = told.entry();
        String match = Objects.requireNonNull(entry.match());
        Keyed keyed = books.computeIfAbsent(match, m -> new Keyed());
        chain.promises.notLost.taken(attempt, entry, keyed.taken);
        keyed.taken++;
        FeedRecord record;
        try {
            record = entry.read();
        } catch (RefusedException e) {
            refused(entry, List.of(e.reason()));
            return;
        }
        if (!chain.has(Flaw.NO_IMAGE_BEFORE_FIRST_UPDATE)) {
            imageOnce(match, keyed);
        }
        long logTime = told.logTime();
        if (chain.has(Flaw.NO_WAKE_BEFORE_A_MESSAGE)) {
            logTime = Math.min(logTime, MarketMachine.wakeAt(keyed.store) - 1);
        }
        Step step =
                keeper.apply(keyed.store, chain.has(Flaw.NO_REPEAT_CHECK_IN_BOOK) ? unheard(record) : record, logTime);
        refused(entry, step.refused().stream().map(Refused::reason).toList());
        finish(keyed, step);
    }

    /** The same as if it was new. */
    private FeedRecord unheard(FeedRecord record) {
        return new FeedRecord(
                record.match(),
                record.source(),
                record.from(),
                new Seq(1_000_000, chain.time.now() + repeats++),
                record.at(),
                record.seen(),
                record.nextMs(),
                record.kind(),
                record.body());
    }

    private void refused(Entry entry, List<Refusal> reasons) {
        if (!chain.has(Flaw.REFUSED_IS_DROPPED)) {
            chain.promises.notLost.refused(attempt, entry, reasons);
        }
    }

    private void finish(Keyed keyed, Step step) {
        step.updates().forEach(this::say);
        if (keyed.store.head() == null) {
            return;
        }
        if (step.wakeAt() < keyed.timer) {
            keyed.timers.add(step.wakeAt());
            keyed.timer = step.wakeAt();
        }
        if (!step.updates().isEmpty()) {
            keyed.attempt = attempt.number;
        }
    }

    private void imageOnce(String match, Keyed keyed) {
        if (keyed.store.head() == null || keyed.attempt == attempt.number) {
            return;
        }
        Step image = keeper.image(keyed.store, match);
        keyed.attempt = attempt.number;
        finish(keyed, image);
    }

    private void say(MarketUpdate update) {
        chain.promises.sameBytes.said(attempt, update);
        MarketUpdate told = chain.has(Flaw.SUM_NOT_UPDATED) && chain.oneIn(8) ? withOldSum(update) : update;
        if (chain.trace.on) {
            chain.trace.say(update.match(), "job says " + Trace.show(update));
        }
        attempt.sink(update.match()).put(attempt.place(this), new Said(told));
    }

    private static MarketUpdate withOldSum(MarketUpdate update) {
        SortedMap<String, @Nullable String> sums = new TreeMap<>(update.sums());
        sums.replaceAll((group, sum) -> sum == null ? null : "0" + sum.substring(1));
        return new MarketUpdate(
                update.match(), update.position(), update.kind(), update.set(), update.del(), sums, update.times());
    }

    @Override
    void marked(long logTime) {
        if (toImage.isEmpty() || chain.has(Flaw.WATERMARK_PASSES_IMAGES)) {
            pass(logTime);
        } else {
            held = logTime;
        }
    }

    /** Timers that are due fire in whatever order, and only then the watermark goes on. */
    private void pass(long logTime) {
        List<String> due = new ArrayList<>(0);
        books.forEach((match, keyed) -> {
            if (!keyed.timers.isEmpty() && keyed.timers.first() <= logTime) {
                due.add(match);
            }
        });
        while (!due.isEmpty()) {
            String match = due.get(chain.random.nextInt(due.size()));
            Keyed keyed = keyed(match);
            if (keyed.timers.isEmpty() || keyed.timers.first() > logTime) {
                due.remove(match);
                continue;
            }
            long at = keyed.timers.first();
            keyed.timers.remove(at);
            fire(match, keyed, at);
        }
        Mark mark = new Mark(logTime);
        attempt.sinks().forEach(sink -> sink.put(attempt.place(this), mark));
    }

    private void fire(String match, Keyed keyed, long at) {
        if (keyed.store.head() == null) {
            return;
        }
        if (keyed.timer <= at) {
            keyed.timer = Long.MAX_VALUE;
        }
        imageOnce(match, keyed);
        finish(keyed, keeper.wake(keyed.store, match, at));
    }

    @Override
    void barred(@Nullable Barrier barrier) {
        if (barrier == null) {
            return;
        }
        Map<String, Keyed> copy = new HashMap<>();
        books.forEach((match, keyed) -> copy.put(match, keyed.copy()));
        attempt.acknowledge(barrier.checkpoint(), copy);
        attempt.sinks().forEach(sink -> sink.put(attempt.place(this), barrier));
        unblock();
    }

    private Keyed keyed(String match) {
        return Objects.requireNonNull(books.get(match), match);
    }
}
