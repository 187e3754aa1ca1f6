package touchline.simulator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import touchline.feed.Refusal;
import touchline.simulator.FeedLogModel.Entry;
import touchline.simulator.Truth.Lineage;

/** P5: each entry is taken into its match's book exactly once, and what of it cannot be used is refused with the reason. */
final class NotLost {

    private static final int READ_WITHIN_MS = 2_000;

    private final Chain chain;
    /** Per generation, what the topic of refused records holds by now. */
    private final Map<Integer, Map<Entry, List<Refusal>>> refused = new HashMap<>();

    NotLost(Chain chain) {
        this.chain = chain;
    }

    /** @param before how many entries of the match the book has taken so far */
    void taken(AttemptModel attempt, Entry entry, int before) {
        if (entry.ordinal() != before) {
            throw new Broken(
                    Promise.P5_NOT_LOST,
                    String.valueOf(entry.match()),
                    "attempt " + attempt.number + " takes entry " + entry + ", number " + entry.ordinal()
                            + " of its match, into a book that has taken " + before);
        }
    }

    void refused(AttemptModel attempt, Entry entry, List<Refusal> reasons) {
        Lineage truth = chain.truth.of(attempt.generation);
        List<Refusal> expected = truth == null ? List.of() : truth.refused(entry);
        if (!reasons.equals(expected)) {
            throw new Broken(
                    Promise.P5_NOT_LOST,
                    String.valueOf(entry.match()),
                    "entry " + entry + " is refused as " + reasons + " and not as " + expected);
        }
        if (!reasons.isEmpty()) {
            refused.computeIfAbsent(attempt.generation, g -> new HashMap<>()).put(entry, reasons);
        }
    }

    /** Everything that was ever refused is kept: asked when all but the last has been read. */
    void atTheEnd() {
        Lineage truth = chain.truth.current();
        Map<Entry, List<Refusal>> kept = refused.getOrDefault(truth.generation(), Map.of());
        truth.refused().forEach((entry, reasons) -> {
            boolean old = chain.time.now() - entry.appendedAt() > READ_WITHIN_MS;
            if (old && !reasons.equals(kept.get(entry)) && !truth.isFromMidst()) {
                throw new Broken(
                        Promise.P5_NOT_LOST,
                        String.valueOf(entry.match()),
                        "entry " + entry + " cannot be used (" + reasons + ") and is nowhere kept");
            }
        });
    }
}
