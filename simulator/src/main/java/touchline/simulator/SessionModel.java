package touchline.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import touchline.simulator.Frame.Claim;
import touchline.simulator.Frame.Subscribe;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/**
 * One connection, seen from the relay, and the wire in both directions. Without a queue: for each match the relay knows where
 * the client stands, and says when it reads again whatever brings it from there to the present.
 */
final class SessionModel {

    /** Frames on the way to a client before the socket is not writable any more. */
    private static final int WINDOW = 4;

    private static final Set<Integer> ALL_SHARDS =
            IntStream.range(0, Chain.SHARDS).boxed().collect(Collectors.toUnmodifiableSet());

    /** Where the client stands in a match. */
    private static final class Stand {
        @Nullable
        Position held;

        Columns columns = Columns.NONE;
        boolean fits;
        /** Asked for, and not sent yet. */
        boolean first;

        long sentAt;

        /** It is sent under these from now on. */
        void go(Columns now) {
            fits &= columns.equals(now);
            columns = now;
        }
    }

    private final RelayModel relay;
    private final Chain chain;
    private final ClientModel client;
    private final Deque<List<Frame>> wire = new ArrayDeque<>();
    private final SortedMap<String, Stand> stands = new TreeMap<>();
    private final SortedMap<Long, Subscribe> parts = new TreeMap<>();
    /** Those that wait to be told that all was sent. */
    private final Set<Long> unready = new TreeSet<>();

    private boolean ahead;
    private boolean open = true;
    private boolean delivering;
    /** When the client's last message is there: they come in order. */
    private long arrivesAt;

    private Frame.@Nullable Alive health;
    /** The client's last question that waits for an answer. */
    private @Nullable Long ping;

    SessionModel(RelayModel relay, ClientModel client) {
        this.relay = relay;
        this.chain = relay.chain;
        this.client = client;
        relay.open(this);
    }

    boolean isOpen() {
        return open;
    }

    // The wire.

    /** The client says something. */
    void say(List<Frame> message) {
        long now = chain.time.now();
        arrivesAt = Math.max(arrivesAt, now + chain.upTo(15));
        relay.in(arrivesAt - now, () -> {
            if (open) {
                hear(message);
            }
        });
    }

    /** The client goes, or nobody could keep it. */
    void close() {
        open = false;
        relay.close(this);
    }

    /** The relay is no more. */
    void cut(boolean silently) {
        open = false;
        wire.clear();
        if (!silently) {
            chain.time.in(chain.upTo(15), () -> client.lost(this));
        }
    }

    private boolean isWritable() {
        return open && wire.size() < WINDOW;
    }

    private void send(List<Frame> frames) {
        if (!frames.isEmpty()) {
            if (frames.stream().anyMatch(Frame.Alive.class::isInstance)) {
                ping = null;
            }
            wire.add(frames);
            deliver();
        }
    }

    /** Frames come one after the other, when the client reads. */
    void deliver() {
        if (delivering || wire.isEmpty()) {
            return;
        }
        delivering = true;
        chain.time.in(chain.upTo(12), () -> {
            delivering = false;
            if (!open || !client.reads(this)) {
                return;
            }
            List<Frame> frames = wire.remove();
            for (Frame frame : frames) {
                client.hear(this, frame);
            }
            if (wire.size() == WINDOW - 1) {
                relay.in(0, this::flush);
            }
            deliver();
        });
    }

    // What the client wants.

    private void hear(List<Frame> message) {
        List<Subscribe> asked = new ArrayList<>();
        for (Frame frame : message) {
            if (frame instanceof Subscribe subscribe) {
                asked.add(subscribe);
            } else if (frame instanceof Frame.Ping question) {
                ping = question.id();
                tellHealth(true);
            } else if (frame instanceof Frame.Unsubscribe ends && parts.remove(ends.id()) != null) {
                unready.remove(ends.id());
                change(List.of());
            }
        }
        if (!asked.isEmpty()) {
            change(asked);
        }
    }

    /** @param asked the subscriptions that were just made, together */
    private void change(List<Subscribe> asked) {
        Map<String, @Nullable Claim> have = new TreeMap<>();
        for (Subscribe part : asked) {
            parts.put(part.id(), part);
            unready.add(part.id());
            have.putAll(part.have());
        }
        Set<String> all = new TreeSet<>(relay.known());
        all.addAll(have.keySet());
        for (String match : all) {
            RelayMatch state = relay.match(match);
            Columns columns = columns(state);
            Claim claim = have.get(match);
            if (stands.get(match) == null && columns == null && claim == null) {
                continue;
            }
            Stand stand = stands.computeIfAbsent(match, m -> new Stand());
            if (columns != null) {
                stand.go(columns);
            }
            if (have.containsKey(match)) {
                if (claim == null) {
                    stand.held = null;
                } else if (stand.held == null) {
                    stand.held = claim.position();
                    stand.fits = chain.has(Flaw.HAVE_WITHOUT_COLUMNS)
                            || claim.columns().equals(columns);
                }
            }
            stand.first |= asked.stream().anyMatch(part -> selects(part, state));
        }
        flush(true);
    }

    private static boolean selects(Subscribe part, @Nullable RelayMatch state) {
        return state != null && !state.ended && part.select().names(state.match, state.cells);
    }

    private List<Subscribe> naming(@Nullable RelayMatch state) {
        return parts.values().stream().filter(part -> selects(part, state)).toList();
    }

    /** Under which a match is sent; null when it is not wanted. */
    private @Nullable Columns columns(@Nullable RelayMatch state) {
        List<Subscribe> naming = naming(state);
        if (chain.has(Flaw.COLUMNS_OF_ONE_SUBSCRIPTION) && !naming.isEmpty()) {
            return naming.get(0).columns();
        }
        return naming.stream().map(Subscribe::columns).reduce(Columns::or).orElse(null);
    }

    private int rateMs(RelayMatch state) {
        return naming(state).stream().mapToInt(Subscribe::rateMs).min().orElse(0);
    }

    // What it gets.

    void flush() {
        flush(false);
    }

    private void flush(boolean vouch) {
        if (parts.isEmpty() || !isWritable()) {
            return;
        }
        boolean wasAhead = ahead;
        ahead = false;
        List<Frame> urgent = new ArrayList<>();
        List<Frame> prices = new ArrayList<>();
        Set<String> all = new TreeSet<>(relay.known());
        all.addAll(stands.keySet());
        for (String match : all) {
            settle(match, urgent, prices);
        }
        urgent.addAll(prices);
        Frame.Alive now = alive();
        if (now.late() && (health == null || !health.late())) {
            health = now;
            urgent.add(0, now);
        } else if (vouch || wasAhead != ahead) {
            health = now;
            urgent.add(now);
        }
        if (stands.values().stream().noneMatch(stand -> stand.first)) {
            unready.forEach(id -> urgent.add(new Frame.Ready(id)));
            unready.clear();
        }
        send(urgent);
    }

    private void settle(String match, List<Frame> urgent, List<Frame> prices) {
        RelayMatch state = relay.match(match);
        Stand stand = stands.get(match);
        Columns columns = columns(state);
        if (state == null || columns == null) {
            if (stand != null) {
                leave(match, state, stand, urgent);
            }
            return;
        }
        if (stand == null) {
            stand = new Stand();
            stands.put(match, stand);
        }
        stand.go(columns);
        Position held = stand.held;
        boolean back = chain.has(Flaw.CLIENT_AHEAD_GETS_IMAGE) && held != null && held.compareTo(state.position) > 0;
        if (held != null && held.compareTo(state.position) > 0 && !back) {
            // It was brought further by another relay: it keeps what it holds until this one has passed it.
            ahead = true;
            stand.first = false;
            return;
        }
        boolean first = stand.first;
        stand.first = false;
        boolean reaches = held != null && state.reaches(held, chain.has(Flaw.RESUME_GIVES_PART));
        boolean patches = reaches && stand.fits && !back;
        if (held != null && patches && !state.changedSince(held.version(), stand.columns)) {
            return;
        }
        boolean isUrgent = held == null || !patches || state.closedAt > held.version();
        long now = chain.time.now();
        if (!isUrgent && !first && now - stand.sentAt < rateMs(state)) {
            relay.in(rateMs(state) - (now - stand.sentAt), this::flush);
            return;
        }
        Frame message = held != null && patches ? state.patch(held, stand.columns) : state.image(stand.columns);
        if (chain.has(Flaw.SUSPENSION_SENT_APART) && isUrgent && message instanceof Frame.Patch patch) {
            message = statusOf(patch);
        }
        (isUrgent ? urgent : prices).add(message);
        stand.held = state.position;
        stand.fits = true;
        stand.sentAt = now;
    }

    private void leave(String match, @Nullable RelayMatch state, Stand stand, List<Frame> urgent) {
        Position held = stand.held;
        boolean further = state == null ? !relay.isWhole() : held != null && held.compareTo(state.position) > 0;
        if (further) {
            // What this relay knows less of than the client does is not its to take away.
            ahead = true;
            stand.first = false;
            stand.fits = false;
        } else {
            stands.remove(match);
            urgent.add(new Frame.Gone(match, state != null && state.ended));
        }
    }

    /** Only what says that markets are closed; the checksums of what is held then are left out. */
    private static Frame.Patch statusOf(Frame.Patch patch) {
        SortedMap<String, String> set = new TreeMap<>(patch.set());
        set.keySet().removeIf(cell -> !MarketUpdate.field(cell).startsWith("@"));
        return new Frame.Patch(patch.match(), patch.from(), patch.position(), set, patch.del(), new TreeMap<>());
    }

    // How far it is to be trusted.

    void tellHealth(boolean anyway) {
        if (isWritable() && (!parts.isEmpty() || anyway)) {
            Frame.Alive now = alive();
            Frame.Alive before = health;
            boolean recovers = before != null && before.late() && !now.late();
            if (recovers && !chain.has(Flaw.RATE_HOLDS_BACK_WHAT_IS_VOUCHED_FOR)) {
                // What waits for a client's rate waited for long enough: the word that follows vouches for it.
                stands.values().forEach(stand -> stand.sentAt = 0);
                flush(false);
            }
            if (anyway
                    || before == null
                    || ping != null
                    || before.late() != now.late()
                    || !before.behind().equals(now.behind())) {
                health = now;
                send(List.of(now));
            }
        }
    }

    /** Where what is selected is, or would be: anywhere, unless it is selected by id. */
    private Set<Integer> shards() {
        Set<Integer> shards = new TreeSet<>();
        for (Subscribe part : parts.values()) {
            part.select().ids().forEach(match -> shards.add(Chain.shardOf(match)));
            if (part.select().ids().isEmpty()) {
                return ALL_SHARDS;
            }
        }
        return shards.isEmpty() ? ALL_SHARDS : shards;
    }

    private Frame.Alive alive() {
        Set<Integer> shards = shards();
        boolean late = ahead || (shards == ALL_SHARDS && !relay.isWhole());
        long lag = 0;
        for (int shard : shards) {
            late |= relay.isLate(shard);
            lag = Math.max(lag, relay.lagMs(shard));
        }
        Set<String> behind = new HashSet<>();
        for (String match : relay.known()) {
            RelayMatch state = relay.match(match);
            if (state != null && columns(state) != null && relay.isBehind(state)) {
                behind.add(match);
            }
        }
        if (chain.has(Flaw.RELAY_BELIEVES_ITS_CLOCK_ONLY)) {
            return new Frame.Alive(ping, relay.clock(), false, 0, behind);
        }
        return new Frame.Alive(ping, relay.clock(), late, lag, behind);
    }
}
