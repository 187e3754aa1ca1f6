package touchline.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.book.MapStore;
import touchline.book.MarketMachine;
import touchline.book.Step;
import touchline.feed.FeedRecord;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;

/** The real machine; with a flaw in it that it would have in truth and in the job alike, or without. */
final class Bookkeeper {

    private static final String EPOCH = "@epoch";
    private static final long RESTARTS_AFTER_MS = 2_000;

    private final MarketMachine machine;
    private final boolean epochsRestart;

    Bookkeeper(MarketMachine machine, boolean epochsRestart) {
        this.machine = machine;
        this.epochsRestart = epochsRestart;
    }

    Step apply(MapStore store, FeedRecord record, long logTime) {
        return epochsRestart
                ? restarting(store, record.match(), () -> machine.apply(store, record, logTime))
                : machine.apply(store, record, logTime);
    }

    Step wake(MapStore store, String match, long logTime) {
        return epochsRestart
                ? restarting(store, match, () -> machine.wake(store, match, logTime))
                : machine.wake(store, match, logTime);
    }

    Step image(MapStore store, String match) {
        Step step = machine.image(store, match);
        return epochsRestart ? restarted(step, new HashMap<>()) : step;
    }

    private interface Work {
        Step run();
    }

    private Step restarting(MapStore store, String match, Work work) {
        Map<String, String> epochs = new HashMap<>();
        machine.image(store.copy(), match).updates().forEach(image -> note(image, epochs));
        return restarted(work.run(), epochs);
    }

    private static Step restarted(Step step, Map<String, String> epochs) {
        List<MarketUpdate> updates = new ArrayList<>();
        for (MarketUpdate update : step.updates()) {
            updates.add(restarted(update, epochs));
        }
        return new Step(updates, step.quotations(), step.refused(), step.wakeAt());
    }

    private static void note(MarketUpdate update, Map<String, String> epochs) {
        update.set().forEach((cell, value) -> {
            if (MarketUpdate.field(cell).equals(EPOCH)) {
                epochs.put(MarketUpdate.group(cell), value);
            }
        });
    }

    /** The same, but each suspension epoch counts from the last full two seconds. */
    private static MarketUpdate restarted(MarketUpdate update, Map<String, String> epochs) {
        note(update, epochs);
        SortedMap<String, String> set = new TreeMap<>(update.set());
        set.replaceAll((cell, value) -> MarketUpdate.field(cell).equals(EPOCH) ? restarted(value) : value);
        SortedMap<String, @Nullable String> sums = new TreeMap<>(update.sums());
        sums.replaceAll((group, sum) -> {
            String epoch = epochs.get(group);
            if (sum == null || epoch == null) {
                return sum;
            }
            long without = Checksum.minus(Long.parseUnsignedLong(sum, 16), EPOCH, epoch);
            return Checksum.hex(Checksum.plus(without, EPOCH, restarted(epoch)));
        });
        return new MarketUpdate(
                update.match(), update.position(), update.kind(), set, update.del(), sums, update.times());
    }

    private static String restarted(String epoch) {
        return Long.toString(Long.parseLong(epoch) % RESTARTS_AFTER_MS);
    }
}
