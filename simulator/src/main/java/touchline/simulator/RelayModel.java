package touchline.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.simulator.RedisModel.Head;
import touchline.simulator.Truth.Lineage;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/** A relay: every match as Redis tells of it, verified, and the clients that are connected to it. */
final class RelayModel {

    static final int LATE_MS = 3_000;
    private static final int ALIVE_MS = 1_000;
    private static final int HEALTH_MS = 250;

    final Chain chain;
    private final int number;
    private final SortedMap<String, RelayMatch> matches = new TreeMap<>();
    /** An update of these could not be taken. */
    private final Set<String> doubted = new HashSet<>();

    private final List<SessionModel> sessions = new ArrayList<>();
    private Follower[] followers = {};
    private final long[] beats = new long[Chain.SHARDS];
    private final int[] generations = new int[Chain.SHARDS];
    private final boolean[] complete = new boolean[Chain.SHARDS];
    private long stalledUntil;
    /** How far the clock that its clients are shown is ahead: nobody may rely on that one. */
    private int clockAhead;

    private int life;
    /** What became due while it stood still. */
    private final Deque<Runnable> stopped = new ArrayDeque<>();

    private boolean flushing;

    RelayModel(Chain chain, int number) {
        this.chain = chain;
        this.number = number;
        forget();
    }

    private void forget() {
        clockAhead = chain.upTo(40_000) - 20_000;
        Arrays.fill(beats, -1);
        Arrays.fill(generations, -1);
        Arrays.fill(complete, false);
        followers = new Follower[0];
    }

    /** What it shows its clients as the time. */
    long clock() {
        return chain.time.now() + clockAhead;
    }

    void start() {
        followers = new Follower[Chain.SHARDS];
        for (int shard = 0; shard < Chain.SHARDS; shard++) {
            followers[shard] = new Follower(this, shard);
            followers[shard].start();
        }
        in(ALIVE_MS, this::alive);
        in(HEALTH_MS, this::health);
    }

    /** Later, if it still lives then, and not while it stands still. */
    void in(long ms, Runnable what) {
        int mine = life;
        chain.time.in(ms, () -> run(mine, what));
    }

    private void run(int mine, Runnable what) {
        if (mine == life) {
            stopped.add(what);
            goOn();
        }
    }

    /** Does what has become due, in its order, unless it stands still. */
    private void goOn() {
        while (!stopped.isEmpty() && chain.time.now() >= stalledUntil) {
            stopped.remove().run();
        }
    }

    void stall(int ms) {
        stalledUntil = Math.max(stalledUntil, chain.time.now() + ms);
        chain.time.in(ms, this::goOn);
    }

    void heal() {
        stalledUntil = 0;
        goOn();
    }

    /** @param silently nobody is told that the connection is gone */
    void restart(boolean silently) {
        life++;
        stalledUntil = 0;
        stopped.clear();
        flushing = false;
        matches.clear();
        doubted.clear();
        forget();
        List<SessionModel> before = new ArrayList<>(sessions);
        sessions.clear();
        before.forEach(session -> session.cut(silently));
        int mine = life;
        chain.time.in(chain.upTo(800), () -> run(mine, this::start));
    }

    void open(SessionModel session) {
        sessions.add(session);
    }

    void close(SessionModel session) {
        sessions.remove(session);
    }

    void grown(int shard) {
        if (followers.length > 0) {
            followers[shard].grown();
        }
    }

    // What the followers tell.

    /** @return false when it could not be taken: the match must be read again */
    boolean take(MarketUpdate update) {
        RelayMatch held = matches.get(update.match());
        Position given = update.position();
        begins(Chain.shardOf(update.match()), (int) given.generation());
        boolean patch = update.kind() == MarketUpdate.Kind.PATCH;
        if (held != null && given.compareTo(held.position) <= 0) {
            return true;
        }
        boolean follows = held != null && given.equals(held.position.next());
        boolean gap = patch && !follows;
        RelayMatch next = gap
                ? null
                : RelayMatch.after(
                        held, update, chain.has(Flaw.IMAGE_MERGED_AT_RELAY), chain.has(Flaw.JUMPED_OVER_IS_PATCHED));
        if (next == null) {
            if (held != null) {
                doubted.add(update.match());
            }
            return false;
        }
        chain.promises.order.moves(toString(), update.match(), held == null ? null : held.position, given);
        chain.promises.state.held(toString(), update.match(), given, next.cells);
        matches.put(update.match(), next);
        doubted.remove(update.match());
        if (chain.trace.on) {
            chain.trace.say(update.match(), this + " takes " + Trace.show(update));
        }
        flushSoon();
        return true;
    }

    /** What was vouched for before a generation began says nothing of what it tells: it may begin long ago. */
    private void begins(int shard, int generation) {
        if (generation > generations[shard] && !chain.has(Flaw.BEAT_OUTLIVES_GENERATION)) {
            generations[shard] = generation;
            beats[shard] = -1;
        }
    }

    void complete(int shard, Set<String> listed) {
        complete[shard] = true;
        matches.values()
                .removeIf(state -> state.ended && Chain.shardOf(state.match) == shard && !listed.contains(state.match));
    }

    void beat(int shard, Head head) {
        if (head.generation() < generations[shard]) {
            return;
        }
        beats[shard] = head.beat();
        generations[shard] = head.generation();
        Lineage lineage = chain.truth.of(head.generation());
        if (lineage != null && !isLate(shard)) {
            for (String match : chain.world.inLog()) {
                if (Chain.shardOf(match) == shard && !doubted.contains(match)) {
                    RelayMatch held = matches.get(match);
                    chain.promises.knownAge.vouched(
                            toString(), match, held == null ? null : held.position, lineage, head.beat());
                }
            }
        }
    }

    // What its sessions ask.

    @Nullable
    RelayMatch match(String match) {
        return matches.get(match);
    }

    Set<String> known() {
        return matches.keySet();
    }

    boolean isWhole() {
        for (int shard = 0; shard < Chain.SHARDS; shard++) {
            if (!complete[shard] || isLate(shard)) {
                return false;
            }
        }
        return true;
    }

    boolean isLate(int shard) {
        return lagMs(shard) >= LATE_MS;
    }

    long lagMs(int shard) {
        return Math.abs(chain.time.now() - Math.max(0, beats[shard]));
    }

    boolean isBehind(RelayMatch state) {
        return doubted.contains(state.match) || state.position.generation() < generations[Chain.shardOf(state.match)];
    }

    // What it does by itself.

    void flushSoon() {
        if (!flushing) {
            flushing = true;
            in(chain.random.nextInt(3), () -> {
                flushing = false;
                for (SessionModel session : sessions) {
                    session.flush();
                }
            });
        }
    }

    private void health() {
        for (SessionModel session : sessions) {
            session.tellHealth(false);
        }
        in(HEALTH_MS, this::health);
    }

    private void alive() {
        for (SessionModel session : new ArrayList<>(sessions)) {
            session.flush();
            session.tellHealth(true);
        }
        in(ALIVE_MS, this::alive);
    }

    @Override
    public String toString() {
        return "relay" + number;
    }
}
