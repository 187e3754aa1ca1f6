package touchline.relay;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import touchline.relay.Round.Step;
import touchline.update.Position;

/**
 * Everything that clients with the same wants on one loop share: the matches that are selected, and how far they have been
 * told of each. It is moved on once for all. A client who cannot be written to at that moment falls out of step: he is owed
 * the matches that moved, from where he stands, and is brought up when he reads again. His loop's thread alone.
 */
final class View {

    /** How far a view is to be trusted. */
    record Health(Feed feed, boolean late, List<String> behind) {}

    /**
     * What goes now.
     *
     * @param steps what must not wait first
     * @param nextNanos when the next of the rest is due, Long.MAX_VALUE when there is none
     */
    private record Due(List<Step> steps, long nextNanos) {}

    final Wanted wanted;
    /** Null when it goes by what matches are, or nothing is wanted yet. */
    private final @Nullable Set<String> ids;

    private final Loop loop;
    private final Map<String, Seat> seats = new HashMap<>();
    private final Set<Seat> behind = new LinkedHashSet<>();
    private final List<Step> leaving = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    /** As many matches as want the same columns share them. */
    private final Map<Columns, Columns> columns = new HashMap<>(2);

    private @Nullable Health told;
    private boolean wasLate;

    View(Wanted wanted, Loop loop, Collection<Match> matches, long nowNanos) {
        this.wanted = wanted;
        this.ids = wanted.parts().isEmpty() ? null : wanted.ids();
        this.loop = loop;
        for (Match match : matches) {
            MatchState state = match.state();
            loop.saw(match, state);
            Wanted.Way way = way(state);
            if (way != null) {
                add(new Seat(this, match, way, state, nowNanos));
            }
        }
    }

    Collection<Seat> seats() {
        return seats.values();
    }

    @Nullable
    Seat seat(String match) {
        return seats.get(match);
    }

    List<Client> clients() {
        return clients;
    }

    void join(Client client) {
        clients.add(client);
    }

    void leave(Client client) {
        int at = clients.indexOf(client);
        Client last = clients.remove(clients.size() - 1);
        if (last != client) {
            clients.set(at, last);
        }
    }

    /** A match's facts changed, or it is new, or no more: does it belong here? @return whether something must be sent */
    boolean consider(Match match, @Nullable MatchState state) {
        Wanted.Way way = way(state);
        Seat seat = seats.get(match.id);
        if (seat != null && way != null && seat.columns.equals(way.columns())) {
            return false;
        }
        if (seat != null) {
            remove(seat);
            if (way == null) {
                leaving.add(new Step(match.id, seat.position(), Departure.of(match.id, state)));
            }
        }
        if (way != null) {
            Seat taken = new Seat(this, match, way, null, 0);
            add(taken);
            behind.add(taken);
        }
        return seat != null || way != null;
    }

    private Wanted.@Nullable Way way(@Nullable MatchState state) {
        Wanted.Way way = state == null || state.ended ? null : wanted.way(state.facts);
        return way == null ? null : new Wanted.Way(columns.computeIfAbsent(way.columns(), same -> same), way.rateMs());
    }

    private void add(Seat seat) {
        seats.put(seat.match.id, seat);
        loop.watch(seat);
    }

    private void remove(Seat seat) {
        seats.remove(seat.match.id);
        behind.remove(seat);
        loop.unwatch(seat);
    }

    /** Nobody is here any more. */
    void close() {
        seats.values().forEach(loop::unwatch);
        seats.clear();
        behind.clear();
    }

    void touch(Seat seat) {
        behind.add(seat);
    }

    boolean isBehind() {
        return !behind.isEmpty() || !leaving.isEmpty();
    }

    /**
     * Sends what is due: all of it, or only what must not wait.
     *
     * @param all whether prices may go, too
     * @return when the next of the rest is due, Long.MAX_VALUE when nothing is left
     */
    long moveOn(long nowNanos, boolean all) {
        Due due = due(nowNanos, all);
        if (!due.steps.isEmpty()) {
            send(due.steps, nowNanos);
        }
        return due.nextNanos;
    }

    /** Moves every seat on that is due. */
    private Due due(long nowNanos, boolean all) {
        List<Step> steps = new ArrayList<>(leaving);
        leaving.clear();
        List<Step> prices = new ArrayList<>();
        long nextNanos = Long.MAX_VALUE;
        for (Iterator<Seat> each = behind.iterator(); each.hasNext(); ) {
            Seat seat = each.next();
            MatchState state = seat.match.state();
            if (state == null || !seat.isBehind(state)) {
                each.remove();
                continue;
            }
            boolean isUrgent = seat.isUrgent(state);
            if (!isUrgent && (!all || nowNanos < seat.dueNanos())) {
                nextNanos = Math.min(nextNanos, Math.max(nowNanos, seat.dueNanos()));
                continue;
            }
            Position from = seat.position();
            Message message = state.encoded().from(from, seat.columns);
            (isUrgent ? steps : prices).add(new Step(seat.match.id, from, message));
            seat.sent = state;
            seat.sentAtNanos = nowNanos;
            each.remove();
        }
        steps.addAll(prices);
        return new Due(steps, nextNanos);
    }

    /**
     * The same to all. That takes a while where they are many, and a market that closes meanwhile does not wait for the last
     * of them: who was not written to yet gets it in the same frame, and then all who were.
     */
    private void send(List<Step> steps, long nowNanos) {
        int all = clients.size();
        try (Round round = new Round(loop, steps)) {
            int[] has = new int[all];
            int served = 0;
            for (int at = 0; served < all; at = at + 1 == all ? 0 : at + 1) {
                round.serve(clients.get(at), has[at]);
                has[at] = round.length();
                served++;
                if (loop.overtakes(this)) {
                    round.add(due(nowNanos, false).steps);
                    served = 0;
                }
            }
        }
        for (Client client : clients) {
            if (!client.isInStep() && client.isWritable()) {
                client.catchUp();
            }
        }
    }

    Health health(long nowMs) {
        Feed feed = Feed.UP;
        List<String> behindGeneration = new ArrayList<>();
        for (Seat seat : seats.values()) {
            MatchState state = seat.match.state();
            if (state != null) {
                feed = feed.or(state.feed);
                if (loop.board().isBehind(seat.match)) {
                    behindGeneration.add(state.match);
                }
            }
        }
        return new Health(feed, isLate(nowMs), behindGeneration);
    }

    /** Of what is not there, too, it must be known that it is not: a match that has just begun is in any shard. */
    private boolean isLate(long nowMs) {
        return ids == null
                ? !loop.board().isWhole()
                : ids.stream().anyMatch(id -> pulseOf(id).late(nowMs));
    }

    private Pulse pulseOf(String match) {
        return loop.board().pulse(loop.board().shardOf(match));
    }

    /** What is told of it. Before anybody hears that nothing is late any more, he has all that was held back for a rate. */
    Health vouch(long nowMs) {
        Health now = health(nowMs);
        if (wasLate && !now.late) {
            loop.hearNow();
            long nowNanos = loop.nanos();
            behind.forEach(seat -> seat.sentAtNanos = nowNanos - seat.rateMs * 1_000_000L);
            moveOn(nowNanos, true);
        }
        wasLate = now.late;
        return now;
    }

    long lagMs(long nowMs) {
        long lag = 0;
        if (ids == null) {
            for (Pulse pulse : loop.board().pulses().values()) {
                lag = Math.max(lag, pulse.lagMs(nowMs));
            }
        } else {
            for (String id : ids) {
                lag = Math.max(lag, pulseOf(id).lagMs(nowMs));
            }
        }
        return lag;
    }

    /** Tells everybody at once when the view's health is not what they were told last. */
    void tellHealth(long nowMs) {
        Health now = vouch(nowMs);
        if (!now.equals(told)) {
            told = now;
            Message alive = alive(now, nowMs, false, null);
            try (Frame frame = new Frame(loop.allocator(), List.of(alive))) {
                for (Client client : clients) {
                    client.tellAlive(frame);
                }
            }
        }
    }

    Message alive(Health health, long nowMs, boolean ahead, @Nullable Long ping) {
        return Json.alive(ping, nowMs, health.feed(), health.late() || ahead, lagMs(nowMs), health.behind());
    }
}
