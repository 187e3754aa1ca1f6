package touchline.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.book.MarketMachine;
import touchline.simulator.Checkpoint.Keyed;

/**
 * One run of the market job, from a restore to its end: sources, market operators and sinks as tasks with channels between
 * them. A checkpoint is made of what its tasks acknowledge.
 */
final class AttemptModel {

    private static final int TICK_MS = 300;
    private static final int CHECKPOINT_TIMEOUT_MS = 2_500;

    final Chain chain;
    final int generation;
    /** As the operator counts it, in its state. */
    final long number;

    final MarketMachine machine;
    private final List<SourceTask> sources = new ArrayList<>();
    private final List<MarketTask> markets = new ArrayList<>();
    private final List<SinkTask> sinks = new ArrayList<>();
    private boolean over;
    private long lastCheckpoint;
    private @Nullable Pending pending;

    /** A checkpoint in the making. */
    private static final class Pending {
        final long id;
        final long begunAt;
        final int[] offsets;
        final long[] maxima;
        final Map<String, Keyed> books = new HashMap<>();
        int missing;

        Pending(long id, long begunAt, int partitions, int missing) {
            this.id = id;
            this.begunAt = begunAt;
            this.offsets = new int[partitions];
            this.maxima = new long[partitions];
            this.missing = missing;
        }
    }

    AttemptModel(Chain chain, int generation, int parallelism, @Nullable Checkpoint from) {
        this.chain = chain;
        this.generation = generation;
        this.number = from == null ? 1 : from.attempt + 1;
        this.machine = new MarketMachine(Chain.rules(generation));
        int partitions = chain.log.partitions();
        int readers = Math.min(parallelism, partitions);
        int writers = Math.min(parallelism, Chain.SHARDS);
        for (int i = 0; i < writers; i++) {
            sinks.add(new SinkTask(this, parallelism, i, writers));
        }
        for (int i = 0; i < parallelism; i++) {
            markets.add(new MarketTask(this, readers));
        }
        for (int i = 0; i < readers; i++) {
            sources.add(new SourceTask(this, i, readers, from));
        }
        if (from != null) {
            from.books.forEach((match, keyed) -> market(match).restore(match, keyed.copy()));
            markets.forEach(MarketTask::restored);
        }
        sinks.forEach(SinkTask::open);
        sources.forEach(Task::wake);
        tick();
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }

    void fail(String reason) {
        if (!over) {
            chain.jobs.failed(this, reason);
        }
    }

    void grown(int partition) {
        sources.get(partition % sources.size()).wake();
    }

    List<MarketTask> markets() {
        return markets;
    }

    List<SinkTask> sinks() {
        return sinks;
    }

    MarketTask market(String match) {
        return markets.get(Math.floorMod(match.hashCode() >> 3, markets.size()));
    }

    SinkTask sink(String match) {
        return sinks.get(Chain.shardOf(match) % sinks.size());
    }

    int place(MarketTask market) {
        return markets.indexOf(market);
    }

    /** Something in it stands still for a while. */
    void stall(int ms) {
        List<Task> tasks = new ArrayList<>(sources);
        tasks.addAll(markets);
        tasks.addAll(sinks);
        tasks.get(chain.random.nextInt(tasks.size())).stall(ms);
    }

    /** The job itself sees to it that time passes in every partition. */
    private void tick() {
        if (over) {
            return;
        }
        for (int partition = 0; partition < chain.log.partitions(); partition++) {
            chain.log.tick(partition);
        }
        chain.time.in(TICK_MS, this::tick);
    }

    void checkpoint() {
        long now = chain.time.now();
        if (pending != null && now - pending.begunAt < CHECKPOINT_TIMEOUT_MS) {
            return;
        }
        int tasks = sources.size() + markets.size() + sinks.size();
        pending = new Pending(++lastCheckpoint, now, chain.log.partitions(), tasks);
        sources.forEach(source -> source.snapshot(lastCheckpoint));
    }

    void acknowledge(long id, SourceTask source) {
        Pending mine = pending;
        if (mine != null && mine.id == id) {
            source.write(mine.offsets, mine.maxima);
            acknowledged(mine);
        }
    }

    void acknowledge(long id, Map<String, Keyed> books) {
        Pending mine = pending;
        if (mine != null && mine.id == id) {
            mine.books.putAll(books);
            acknowledged(mine);
        }
    }

    void acknowledge(long id) {
        Pending mine = pending;
        if (mine != null && mine.id == id) {
            acknowledged(mine);
        }
    }

    private void acknowledged(Pending mine) {
        if (--mine.missing > 0) {
            return;
        }
        pending = null;
        // A zombie's checkpoints reach nobody.
        if (chain.jobs.running() == this) {
            if (chain.trace.on) {
                chain.trace.say("", "checkpoint " + mine.id + " offsets=" + Arrays.toString(mine.offsets));
            }
            chain.jobs.completed(new Checkpoint(generation, number, mine.offsets, mine.maxima, mine.books));
        }
    }
}
