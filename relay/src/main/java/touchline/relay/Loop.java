package touchline.relay;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one event loop, and their views. Matches that changed are told to it from the board's thread, each at most
 * once until it has looked, so nothing grows while it is busy. It then moves its views on, in one pass; the longer a pass
 * takes, the longer the next one waits (never for what closes a market), so that under load several changes share a frame.
 */
final class Loop {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);
    private static final long LOOK_MS = 100;
    private static final int BUCKETS = 10;
    /** A pass shorter than this is no load. */
    private static final long SHORT_NANOS = 200_000;
    /** What comes together from several shards is read one after the other: under load a pass waits for it so long at most. */
    private static final long GATHER_NANOS = 1_000_000;
    /** So often at most in a pass what closes a market goes before the rest of it: a loop has other things to do, too. */
    private static final int OVERTAKEN = 32;

    private final int number;
    private final EventLoop executor;
    private final Board board;
    private final RelayConfig config;
    private final Counters counters;
    private final Hub hub;

    private final Queue<Match> changed = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    private final Map<Wanted, View> views = new HashMap<>();
    /** Views that name matches by id, by that id; all others. */
    private final Map<String, Set<View>> naming = new HashMap<>();

    private final Set<View> selecting = new LinkedHashSet<>();
    private final Map<String, List<Seat>> seats = new HashMap<>();
    private final Map<Match, Facts> considered = new HashMap<>();
    private final Set<View> moving = new LinkedHashSet<>();
    /** Those of them in which something must not wait. */
    private final Set<View> closing = new LinkedHashSet<>();

    private final List<Set<Client>> clients = new ArrayList<>();
    private int nextBucket;
    private int lookedAt;
    private Set<Integer> lateShards = Set.of();
    private final Set<View> unwell = new HashSet<>();
    private int overtaken;
    private boolean heard;
    private long nextPassNanos;
    private long gatherNanos;
    private long timerNanos = Long.MAX_VALUE;
    private @Nullable ScheduledFuture<?> timer;

    Loop(int number, EventLoop executor, Hub hub, Board board, RelayConfig config, Counters counters) {
        this.number = number;
        this.executor = executor;
        this.hub = hub;
        this.board = board;
        this.config = config;
        this.counters = counters;
        for (int i = 0; i < BUCKETS; i++) {
            clients.add(new LinkedHashSet<>());
        }
        nextPassNanos = hub.time().nanos();
    }

    void start() {
        executor.scheduleAtFixedRate(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    EventLoop executor() {
        return executor;
    }

    Board board() {
        return board;
    }

    Counters counters() {
        return counters;
    }

    ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    int frameBytes() {
        return config.frameBytes();
    }

    long slowNanos() {
        return config.slowMs() * 1_000_000L;
    }

    long nanos() {
        return hub.time().nanos();
    }

    long wallMs() {
        return hub.time().wallMs();
    }

    void counted(int messages, int bytes) {
        counters.deliveries.add(messages);
        counters.frames.increment();
        counters.bytes.add(bytes);
    }

    // From the board's thread.

    void changed(Match match) {
        if (match.tell(number)) {
            changed.add(match);
        }
    }

    void wake() {
        if (!changed.isEmpty() && woken.compareAndSet(false, true)) {
            executor.execute(this::pass);
        }
    }

    // From here on the loop's thread alone.

    /** A client is there. */
    void enter(Client client) {
        clients.get(nextBucket).add(client);
        nextBucket = (nextBucket + 1) % BUCKETS;
        counters.clients.incrementAndGet();
    }

    /** A client is no more. */
    void exit(Client client) {
        clients.forEach(bucket -> {
            if (bucket.remove(client)) {
                counters.clients.decrementAndGet();
            }
        });
        client.gone();
    }

    Collection<Client> clients() {
        List<Client> all = new ArrayList<>();
        clients.forEach(all::addAll);
        return all;
    }

    View join(Client client, Wanted wanted) {
        View view = views.get(wanted);
        if (view == null) {
            view = new View(wanted, this, matchesFor(wanted), hub.time().nanos());
            views.put(wanted, view);
            Set<String> ids = wanted.ids();
            if (ids == null) {
                selecting.add(view);
            } else {
                for (String id : ids) {
                    naming.computeIfAbsent(id, i -> new LinkedHashSet<>(2)).add(view);
                }
            }
        }
        view.join(client);
        return view;
    }

    private Collection<Match> matchesFor(Wanted wanted) {
        Set<String> ids = wanted.ids();
        if (ids == null) {
            return board.matches();
        }
        List<Match> matches = new ArrayList<>();
        for (String id : ids) {
            Match match = board.match(id);
            if (match != null) {
                matches.add(match);
            }
        }
        return matches;
    }

    void leave(Client client, View view) {
        view.leave(client);
        if (view.clients().isEmpty()) {
            view.close();
            views.remove(view.wanted);
            moving.remove(view);
            closing.remove(view);
            unwell.remove(view);
            selecting.remove(view);
            Set<String> ids = view.wanted.ids();
            if (ids != null) {
                for (String id : ids) {
                    Set<View> named = naming.get(id);
                    if (named != null && named.remove(view) && named.isEmpty()) {
                        naming.remove(id);
                    }
                }
            }
        }
    }

    void watch(Seat seat) {
        seats.computeIfAbsent(seat.match.id, id -> new ArrayList<>(2)).add(seat);
    }

    void unwatch(Seat seat) {
        List<Seat> watching = seats.get(seat.match.id);
        if (watching != null && watching.remove(seat) && watching.isEmpty()) {
            seats.remove(seat.match.id);
        }
    }

    private void pass() {
        woken.set(false);
        overtaken = 0;
        long now = hub.time().nanos();
        boolean idle = moving.isEmpty();
        hear();
        tellWhatIsLate();
        if (idle) {
            nextPassNanos = Math.max(nextPassNanos, now + gatherNanos);
        }
        moveOn(now, now >= nextPassNanos);
    }

    /** Takes what the board has told, out of turn; what then moves goes with a pass that comes soon. */
    void hearNow() {
        hear();
        if (!moving.isEmpty()) {
            long now = nanos();
            timer(Math.max(now, closing.isEmpty() ? nextPassNanos : now), now);
        }
    }

    /** Takes what the board has told. */
    private void hear() {
        for (Match match = changed.poll(); match != null; match = changed.poll()) {
            match.look(number);
            heard = true;
            try {
                take(match);
            } catch (RuntimeException e) {
                log.error("event=match_failed match={}", match.id, e);
                considered.remove(match);
            }
        }
    }

    private void take(Match match) {
        MatchState state = match.state();
        Facts facts = state == null || state.ended ? null : state.facts;
        Facts before = facts == null ? considered.remove(match) : considered.put(match, facts);
        if (facts == null || !facts.equals(before)) {
            consider(match, state);
        }
        List<Seat> watching = seats.get(match.id);
        if (watching != null && state != null) {
            for (Seat seat : watching) {
                MatchState sent = seat.sent;
                if (sent == null || sent.feed != state.feed || !sent.position.sameEpoch(state.position)) {
                    unwell.add(seat.view);
                }
                if (seat.isBehind(state)) {
                    seat.view.touch(seat);
                    moving.add(seat.view);
                    if (seat.isUrgent(state)) {
                        closing.add(seat.view);
                    }
                }
            }
        }
    }

    /** A view is made of a state: one that was not considered yet may be another again by the time it is. */
    void saw(Match match, @Nullable MatchState state) {
        Facts facts = state == null || state.ended ? null : state.facts;
        if (!Objects.equals(facts, considered.get(match))) {
            considered.remove(match);
        }
    }

    private void consider(Match match, @Nullable MatchState state) {
        Set<View> asking = new LinkedHashSet<>(selecting);
        asking.addAll(naming.getOrDefault(match.id, Set.of()));
        for (View view : asking) {
            if (view.consider(match, state)) {
                moving.add(view);
                closing.add(view);
                unwell.add(view);
            }
        }
    }

    private void moveOn(long nowNanos, boolean all) {
        if (moving.isEmpty()) {
            return;
        }
        Set<View> order = new LinkedHashSet<>(closing);
        order.addAll(moving);
        closing.clear();
        heard = false;
        long nextDue = Long.MAX_VALUE;
        for (View view : order) {
            nextDue = Math.min(nextDue, moveOn(view, nowNanos, all));
            while (overtaken < OVERTAKEN && hearsOfClosing()) {
                View first = closing.iterator().next();
                closing.remove(first);
                overtaken++;
                nextDue = Math.min(nextDue, moveOn(first, nowNanos, false));
            }
        }
        long end = hub.time().nanos();
        counters.passes.increment();
        counters.passNanos.add(end - nowNanos);
        if (all) {
            long took = end - nowNanos;
            long pause = took < SHORT_NANOS ? 0 : Math.min(took, config.windowMs() * 1_000_000L);
            nextPassNanos = end + pause;
            gatherNanos = Math.min(pause / 4, GATHER_NANOS);
        }
        if (!closing.isEmpty()) {
            timer(end, end);
        } else if (heard) {
            // Perhaps of a view that had been moved on already.
            timer(Math.max(end, nextPassNanos), end);
        } else if (nextDue != Long.MAX_VALUE) {
            timer(Math.max(nextDue, nextPassNanos), end);
        }
    }

    private long moveOn(View view, long nowNanos, boolean all) {
        long nextDue = Long.MAX_VALUE;
        try {
            nextDue = view.moveOn(nowNanos, all);
        } catch (RuntimeException | OutOfMemoryError e) {
            failed(view, e);
        }
        if (!view.isBehind()) {
            moving.remove(view);
        }
        return nextDue;
    }

    /** Has a market of this view closed while its clients are being written to? */
    boolean overtakes(View view) {
        boolean overtakes = overtaken < OVERTAKEN && hearsOfClosing() && closing.remove(view);
        overtaken += overtakes ? 1 : 0;
        return overtakes;
    }

    private boolean hearsOfClosing() {
        if (!changed.isEmpty()) {
            hear();
        }
        return !closing.isEmpty();
    }

    private void timer(long atNanos, long nowNanos) {
        if (atNanos < timerNanos) {
            if (timer != null) {
                // One at a time: each would make the next, and they would be more and more.
                timer.cancel(false);
            }
            timerNanos = atNanos;
            timer = executor.schedule(
                    () -> {
                        timerNanos = Long.MAX_VALUE;
                        pass();
                    },
                    Math.max(0, atNanos - nowNanos),
                    TimeUnit.NANOSECONDS);
        }
    }

    /** What has come may be older than what vouched for the one before it: that is said first. */
    private void tellWhatIsLate() {
        Set<Integer> late = lateShards(wallMs());
        if (!lateShards.containsAll(late)) {
            unwell.addAll(views.values());
            lateShards = late;
            tellHealth();
        }
    }

    private Set<Integer> lateShards(long nowMs) {
        Set<Integer> late = new HashSet<>();
        board.pulses().forEach((shard, pulse) -> {
            if (pulse.late(nowMs)) {
                late.add(shard);
            }
        });
        return late;
    }

    /** Ten times a second: whose health changed is told at once, and a tenth of all is looked after. */
    private void look() {
        long nowNanos = hub.time().nanos();
        long nowMs = wallMs();
        Set<Integer> late = lateShards(nowMs);
        if (!late.equals(lateShards)) {
            lateShards = late;
            unwell.addAll(views.values());
        }
        tellHealth();
        Map<View, Frame> alive = new HashMap<>();
        for (Client client : List.copyOf(clients.get(lookedAt))) {
            try {
                client.look(nowNanos, nowMs, alive);
            } catch (RuntimeException | OutOfMemoryError e) {
                log.error("event=client_failed", e);
                client.failed();
            }
        }
        alive.values().forEach(Frame::close);
        lookedAt = (lookedAt + 1) % BUCKETS;
    }

    private void tellHealth() {
        long nowMs = wallMs();
        List<View> changed = List.copyOf(unwell);
        unwell.clear();
        for (View view : changed) {
            try {
                view.tellHealth(nowMs);
            } catch (RuntimeException | OutOfMemoryError e) {
                failed(view, e);
            }
        }
    }

    /** Nobody knows how far its clients were told: they come back. The other views go on, and so does the loop. */
    private static void failed(View view, Throwable cause) {
        log.error("event=view_failed clients={}", view.clients().size(), cause);
        view.clients().forEach(Client::failed);
    }
}
