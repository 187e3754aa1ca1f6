package touchline.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.simulator.RedisModel.Call;
import touchline.simulator.RedisModel.Claimed;
import touchline.simulator.RedisModel.Reply;
import touchline.update.MarketUpdate;

/**
 * The Redis sink, as RedisWriter is: one call per shard in flight, the next batch forming meanwhile, a call that is not
 * answered sent again as it is, beats behind what they vouch for, and everything confirmed before a checkpoint.
 */
final class SinkTask extends Task {

    static final int BEAT_MS = 400;
    private static final int BATCH_MAX = 5;
    private static final int MAX_IN_FLIGHT = 12;
    private static final int TIMEOUT_MS = 600;
    private static final int ATTEMPTS = 6;

    private record Waiting(MarketUpdate update, long complete) {}

    /** One shard as its writer sees it. */
    private static final class Line {
        final int shard;
        long writer;
        long last;
        long calls;
        final Deque<Waiting> waiting = new ArrayDeque<>();

        @Nullable
        Call out;

        int tries;
        long beatAt = Long.MIN_VALUE;

        Line(int shard) {
            this.shard = shard;
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private boolean open;
    private int unconfirmed;
    private long complete = Long.MIN_VALUE;
    private @Nullable Barrier flushing;

    SinkTask(AttemptModel attempt, int inputs, int place, int of) {
        super(attempt, inputs);
        for (int shard = place; shard < Chain.SHARDS; shard += of) {
            lines.add(new Line(shard));
        }
    }

    /** Claims its shards, some time. */
    void open() {
        chain.time.in(chain.upTo(60), this::claim);
    }

    private void claim() {
        if (attempt.isOver()) {
            return;
        }
        if (chain.redis.isDown()) {
            open();
            return;
        }
        for (Line line : lines) {
            Claimed claimed = chain.redis.claim(line.shard, attempt.generation);
            if (claimed == null) {
                attempt.fail("an older generation than Redis holds");
                return;
            }
            line.writer = claimed.writer();
            line.last = claimed.last();
        }
        open = true;
        beat();
        wake();
    }

    private void beat() {
        if (!attempt.isOver()) {
            lines.forEach(this::pump);
            chain.time.in(BEAT_MS, this::beat);
        }
    }

    @Override
    boolean work(int elements) {
        for (int i = 0; i < elements && isReady(); i++) {
            takeOne();
        }
        return isReady();
    }

    private boolean isReady() {
        return open && flushing == null && unconfirmed < MAX_IN_FLIGHT && hasInput();
    }

    @Override
    void took(Element element) {
        MarketUpdate update = ((Said) element).update();
        for (Line line : lines) {
            if (line.shard == Chain.shardOf(update.match())) {
                line.waiting.add(new Waiting(update, complete));
                unconfirmed++;
                pump(line);
            }
        }
    }

    @Override
    void marked(long logTime) {
        complete = Math.max(complete, logTime);
        lines.forEach(this::pump);
    }

    @Override
    void barred(@Nullable Barrier barrier) {
        flushing = barrier;
        flushed();
    }

    private void flushed() {
        Barrier barrier = flushing;
        if (barrier != null && unconfirmed == 0) {
            flushing = null;
            attempt.acknowledge(barrier.checkpoint());
            unblock();
            wake();
        }
    }

    private void pump(Line line) {
        long now = chain.time.now();
        boolean due = line.beatAt == Long.MIN_VALUE || now - line.beatAt >= BEAT_MS;
        if (open && !attempt.isOver() && line.out == null && (!line.waiting.isEmpty() || due)) {
            send(line, next(line, due));
        }
    }

    private Call next(Line line, boolean due) {
        List<MarketUpdate> batch = new ArrayList<>();
        while (batch.size() < BATCH_MAX && !line.waiting.isEmpty()) {
            batch.add(line.waiting.remove().update());
        }
        long beat = -1;
        if (due) {
            Waiting first = line.waiting.peek();
            boolean early = chain.has(Flaw.BEAT_BEFORE_ITS_BATCH);
            beat = Math.max(first == null || early ? complete : first.complete(), 0);
            line.beatAt = chain.time.now();
        }
        Call call = new Call(line.shard, line.writer, ++line.calls, line.last, beat, batch);
        line.out = call;
        line.tries = 0;
        return call;
    }

    private void send(Line line, Call call) {
        int attempts = ++line.tries;
        if (attempts > ATTEMPTS) {
            attempt.fail("Redis took no call in " + ATTEMPTS + " attempts");
            return;
        }
        chain.redis.call(call, reply -> answered(line, call, reply));
        chain.time.in(TIMEOUT_MS, () -> {
            if (call.equals(line.out) && line.tries == attempts && !attempt.isOver()) {
                if (chain.has(Flaw.CALL_NOT_RESENT)) {
                    confirmed(line, call, line.last);
                } else {
                    send(line, call);
                }
            }
        });
    }

    private void answered(Line line, Call call, Reply reply) {
        if (attempt.isOver() || !call.equals(line.out)) {
            return;
        }
        switch (reply.answer()) {
            case OK -> confirmed(line, call, reply.last());
            case LOST, FENCED, GAP -> attempt.fail("shard " + line.shard + " " + reply);
            case DIVERGED, OLD_EPOCH -> {
                if (chain.jobs.running() == attempt) {
                    throw new Broken(Promise.P7_SAME_BYTES, reply.match(), "Redis answers " + reply);
                }
                attempt.fail("shard " + line.shard + " " + reply);
            }
        }
    }

    private void confirmed(Line line, Call call, long last) {
        line.out = null;
        line.last = last;
        unconfirmed -= call.updates().size();
        pump(line);
        flushed();
        wake();
    }
}
