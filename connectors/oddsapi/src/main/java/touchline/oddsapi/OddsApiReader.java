package touchline.oddsapi;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls on threads of its own and hands out on the task's. A split's place in a checkpoint moves only when all that its
 * poll gave is out, and it is polled again only then: nothing is lost between a poll and a checkpoint, and at most one
 * answer a split is held. A restored split is polled from the first complete checkpoint on.
 */
final class OddsApiReader implements SourceReader<OddsApiEvent, OddsApiSplit> {

    private static final Logger LOG = LoggerFactory.getLogger(OddsApiReader.class);

    private final OddsApiConfig config;
    private final OddsApi api;
    private final LongSupplier clock;
    private final boolean once;
    private final Account account;
    private final SplittableRandom seeds = new SplittableRandom();
    private final ScheduledThreadPoolExecutor threads;
    private final Counter polls;
    private final Counter failedPolls;
    private final Counter refused;

    // The task's thread only.
    private final Map<String, OddsApiSplit> splits = new TreeMap<>();
    private @Nullable Ready current;
    private final List<Poller> restored = new ArrayList<>();
    private final Map<String, Integer> attempts = new HashMap<>();
    private long generation;
    private boolean noMoreSplits;

    private final Object lock = new Object();
    private final Queue<Ready> ready = new ArrayDeque<>();
    private CompletableFuture<Void> available = new CompletableFuture<>();
    private @Nullable Throwable broken;

    private record Ready(Poller poller, Poller.Batch batch, Iterator<OddsApiEvent> events, long polledAtNanos) {}

    /** @param once every split is heard once, and then the reader has ended */
    OddsApiReader(OddsApiConfig config, OddsApi api, LongSupplier clock, MetricGroup metrics, boolean once) {
        this.once = once;
        this.config = config;
        this.api = api;
        this.clock = clock;
        this.account = new Account(config, seeds.split(), clock.getAsLong());
        this.threads = new ScheduledThreadPoolExecutor(config.threads(), task -> {
            Thread thread = new Thread(task, "oddsapi-poll");
            thread.setDaemon(true);
            return thread;
        });
        MetricGroup group = metrics.addGroup("oddsapi");
        polls = group.counter("polls");
        failedPolls = group.counter("failedPolls");
        refused = group.counter("refused");
        group.gauge("standing", () -> account.standing().name());
        group.gauge("creditsRemaining", account::remaining);
        group.gauge("stretch", account::stretch);
    }

    @Override
    public void start() {}

    @Override
    public void addSplits(List<OddsApiSplit> assigned) {
        risen(assigned);
        for (OddsApiSplit split : assigned) {
            if (!isConfigured(split)) {
                LOG.warn(
                        "event=oddsapi.split state=resting split={} remedy=\"add it to oddsapi.sports\"",
                        split.splitId());
                splits.put(split.splitId(), split);
                continue;
            }
            OddsApiSplit restarted = split.restarted(generation);
            splits.put(split.splitId(), restarted);
            LOG.info(
                    "event=oddsapi.split state=started split={} generation={} known={}",
                    split.splitId(),
                    restarted.generation(),
                    restarted.known().size());
            Poller poller = new Poller(restarted, api, config, account, clock, seeds.split());
            if (once || split.generation() == 0) {
                pollIn(0, poller);
            } else {
                restored.add(poller);
            }
        }
    }

    /** A restored split is polled only now: a job that fails before every checkpoint must spend no credits. */
    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        restored.forEach(poller -> pollIn(0, poller));
        restored.clear();
    }

    /**
     * One generation for all splits, since matches of several may be linked to one; above every earlier one, also when
     * the clock stepped back.
     */
    private void risen(List<OddsApiSplit> assigned) {
        if (generation == 0) {
            generation = clock.getAsLong();
        }
        for (OddsApiSplit split : assigned) {
            generation = Math.max(generation, split.generation() + 1);
        }
    }

    @Override
    public InputStatus pollNext(ReaderOutput<OddsApiEvent> output) throws IOException {
        Ready now = current == null ? take() : current;
        if (now == null) {
            return ended() ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
        }
        current = now;
        if (now.events().hasNext()) {
            OddsApiEvent event = now.events().next();
            if (event instanceof OddsApiEvent.Unusable) {
                refused.inc();
            }
            output.collect(event);
        }
        if (!now.events().hasNext()) {
            done(now);
        }
        return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public List<OddsApiSplit> snapshotState(long checkpoint) {
        return List.copyOf(splits.values());
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        synchronized (lock) {
            return current != null || !ready.isEmpty() || broken != null
                    ? CompletableFuture.completedFuture(null)
                    : available;
        }
    }

    @Override
    public void notifyNoMoreSplits() {
        noMoreSplits = true;
        synchronized (lock) {
            available.complete(null);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        api.close();
    }

    private boolean ended() {
        return once && noMoreSplits && splits.isEmpty();
    }

    private void done(Ready now) throws IOException {
        Poller.Batch batch = now.batch();
        current = null;
        if (once && batch.outcome() == Poller.Outcome.HEARD) {
            splits.remove(batch.after().splitId());
            return;
        }
        if (once) {
            giveUp(batch);
        }
        splits.put(batch.after().splitId(), batch.after());
        long sinceMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - now.polledAtNanos());
        long delayMs = Math.max(0, batch.nextInMs() - sinceMs);
        pollIn(delayMs, now.poller());
    }

    /** Whoever asks once waits for an answer: he is told rather than kept waiting. */
    private void giveUp(Poller.Batch batch) throws IOException {
        Poller.Failure failure = batch.failure();
        if (failure == null) {
            return;
        }
        String what = batch.after().splitId() + ": " + failure.detail();
        if (!failure.passes()) {
            throw new SuppressRestartsException(new IOException(what));
        }
        int failures = attempts.merge(batch.after().splitId(), 1, Integer::sum);
        if (failures > config.maxRetries()) {
            throw new IOException(what + "; " + failures + " attempts were made (maxRetries)");
        }
    }

    // poll() catches everything, so the future has nothing to say.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void pollIn(long delayMs, Poller poller) {
        threads.schedule(() -> poll(poller), delayMs, TimeUnit.MILLISECONDS);
    }

    private void poll(Poller poller) {
        try {
            Poller.Batch batch = poller.poll();
            synchronized (lock) {
                if (batch.outcome() != Poller.Outcome.RESTED) {
                    polls.inc();
                }
                if (batch.outcome() == Poller.Outcome.FAILED) {
                    failedPolls.inc();
                }
                ready.add(new Ready(poller, batch, batch.events().iterator(), System.nanoTime()));
                available.complete(null);
            }
        } catch (RuntimeException | Error e) {
            // The world's failures are answers; what is thrown is a broken invariant, and the task's to die of.
            synchronized (lock) {
                broken = e;
                available.complete(null);
            }
        }
    }

    private @Nullable Ready take() {
        synchronized (lock) {
            if (broken != null) {
                throw new IllegalStateException("a poll of the odds API broke", broken);
            }
            Ready next = ready.poll();
            if (next == null && available.isDone()) {
                available = new CompletableFuture<>();
            }
            return next;
        }
    }

    private boolean isConfigured(OddsApiSplit split) {
        return config.sports().contains(split.sport()) && (split.group() == OddsApiSplit.Group.ODDS || config.scores());
    }
}
