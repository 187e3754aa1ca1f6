package touchline.simulator;

import touchline.simulator.Truth.Said;
import touchline.update.MarketUpdate;

/** P7: whatever crashed, the job says what a machine says that never did; an image that it sends again is the state. */
final class SameBytes {

    private final Chain chain;

    SameBytes(Chain chain) {
        this.chain = chain;
    }

    void said(AttemptModel attempt, MarketUpdate update) {
        Said said = chain.truth.at(update.match(), update.position());
        if (said == null) {
            throw new Broken(
                    Promise.P7_SAME_BYTES,
                    update.match(),
                    "attempt " + attempt.number + " says what the log never leads to: " + Trace.show(update));
        }
        boolean same = update.equals(said.update()) || isAgain(update, said);
        if (!same) {
            throw new Broken(
                    Promise.P7_SAME_BYTES,
                    update.match(),
                    "attempt " + attempt.number + " says " + Trace.show(update) + " where the fold of the log says "
                            + Trace.show(said.update()));
        }
    }

    /** An image (or end) of the state at its position. */
    private static boolean isAgain(MarketUpdate update, Said said) {
        if (update.kind() == MarketUpdate.Kind.PATCH) {
            return false;
        }
        return update.set().equals(said.cells().all()) && said.cells().fit(update.sums());
    }
}
