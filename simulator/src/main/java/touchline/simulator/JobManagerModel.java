package touchline.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Flink in the small: runs one attempt of the market job after the other, has checkpoints made, keeps the last two, and
 * restores from one of them. An attempt that is given up may go on for a while somewhere, unaware of it.
 */
final class JobManagerModel {

    private static final int CHECKPOINT_MS = 1_200;
    private static final int KEPT = 2;
    private static final int ZOMBIE_MS = 3_000;

    private final Chain chain;
    private final Deque<Checkpoint> completed = new ArrayDeque<>();
    private final List<AttemptModel> zombies = new ArrayList<>();
    private @Nullable AttemptModel running;
    private int generation = 1;
    private int parallelism;
    private int restarts;

    JobManagerModel(Chain chain) {
        this.chain = chain;
    }

    void start() {
        parallelism = chain.upTo(2);
        chain.truth.begin(generation, null);
        begin(null);
        chain.time.in(CHECKPOINT_MS, this::checkpoint);
    }

    int generation() {
        return generation;
    }

    int restarts() {
        return restarts;
    }

    @Nullable
    AttemptModel running() {
        return running;
    }

    void grown(int partition) {
        if (running != null) {
            running.grown(partition);
        }
        for (AttemptModel zombie : zombies) {
            zombie.grown(partition);
        }
    }

    void completed(Checkpoint checkpoint) {
        if (checkpoint.generation == generation) {
            completed.addLast(checkpoint);
            if (completed.size() > KEPT) {
                completed.removeFirst();
            }
        }
    }

    /** The attempt met something that it cannot go on with. */
    void failed(AttemptModel attempt, String reason) {
        attempt.end();
        if (attempt == running) {
            if (chain.trace.on) {
                chain.trace.say("", "job fails: " + reason);
            }
            restartSoon(chain.chance(15));
        } else {
            zombies.remove(attempt);
        }
    }

    /** A machine dies, or is only taken for dead. */
    void crash(boolean zombie, boolean fromLastButOne) {
        AttemptModel attempt = running;
        if (attempt == null) {
            return;
        }
        if (chain.trace.on) {
            chain.trace.say("", "job crashes" + (zombie ? ", its writers go on" : ""));
        }
        if (zombie) {
            zombies.add(attempt);
            chain.time.in(chain.upTo(ZOMBIE_MS), () -> {
                attempt.end();
                zombies.remove(attempt);
            });
        } else {
            attempt.end();
        }
        restartSoon(fromLastButOne);
    }

    /** Stopped, and started with as many subtasks as it pleases. */
    void rescale() {
        parallelism = chain.upTo(3);
        crash(false, false);
    }

    /** Begins anew from an empty state, over the same log, with the same rules: it says the same again. */
    void again() {
        if (running == null || chain.truth.current().isFromMidst()) {
            // What began with a checkpoint's books is not what the log alone leads to.
            return;
        }
        completed.clear();
        crash(chain.chance(30), false);
    }

    /**
     * Begins anew under a raised generation: from an empty state, or with the books of the last checkpoint.
     *
     * @param pauseMs until then nobody writes
     */
    void raise(boolean fromNothing, int pauseMs) {
        AttemptModel attempt = running;
        if (attempt == null) {
            return;
        }
        Checkpoint from = fromNothing ? null : completed.peekLast();
        attempt.end();
        zombies.forEach(AttemptModel::end);
        zombies.clear();
        running = null;
        completed.clear();
        if (from != null) {
            // It is what every restart goes back to, until the first checkpoint of the new generation.
            completed.add(from);
        }
        generation++;
        if (chain.trace.on) {
            chain.trace.say("", "generation " + generation + (from == null ? " from nothing" : " from a checkpoint"));
        }
        chain.time.in(pauseMs, () -> {
            chain.truth.begin(generation, from);
            begin(from);
        });
    }

    private void restartSoon(boolean fromLastButOne) {
        running = null;
        restarts++;
        if (fromLastButOne && completed.size() > 1 && completed.getFirst().generation == generation) {
            completed.removeLast();
        }
        Checkpoint from = completed.peekLast();
        chain.time.in(50 + chain.upTo(500), () -> begin(from));
    }

    private void begin(@Nullable Checkpoint from) {
        running = new AttemptModel(chain, generation, parallelism, from);
        if (chain.trace.on) {
            chain.trace.say(
                    "",
                    "job begins, generation " + generation + " parallelism " + parallelism
                            + (from == null ? " from nothing" : " from a checkpoint"));
        }
    }

    private void checkpoint() {
        if (running != null) {
            running.checkpoint();
        }
        chain.time.in(CHECKPOINT_MS / 2 + chain.upTo(CHECKPOINT_MS), this::checkpoint);
    }
}
