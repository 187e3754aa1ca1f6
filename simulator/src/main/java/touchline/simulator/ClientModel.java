package touchline.simulator;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.simulator.Frame.Alive;
import touchline.simulator.Frame.Claim;
import touchline.simulator.Frame.Subscribe;
import touchline.update.Position;

/**
 * A client as client/src has it: what it holds, each message applied whole or not at all; what it asks again for; when it
 * takes what it holds for late. It may stop reading, hop between relays and want other things.
 */
final class ClientModel {

    private static final int LATE_MS = 3_000;
    private static final int DEAD_MS = 8_000;
    private static final int LOOK_MS = 500;
    private static final int SEEN_MS = 150;
    private static final List<Columns> COLUMNS = List.of(
            Columns.ALL, new Columns(new TreeSet<>(Set.of("h2h"))), new Columns(new TreeSet<>(Set.of("h2h", "btts"))));

    /** A match as it is held. */
    private static final class Held {
        Position position;
        Cells cells = Cells.NONE;
        /** Under which it was sent for sure. */
        Columns sure = Columns.NONE;
        /** It ended or went on elsewhere. */
        boolean over;

        Held(Position position) {
            this.position = position;
        }
    }

    private final Chain chain;
    private final int number;
    private final SortedMap<String, Held> held = new TreeMap<>();
    private final Set<String> asked = new HashSet<>();
    private final Set<String> spoken = new HashSet<>();
    /** With the last subscription, and what the relay has taken away since. */
    private final Set<String> claimed = new HashSet<>();

    private final Set<String> takenAway = new HashSet<>();
    private @Nullable SessionModel session;
    private Select select = Select.ALL;
    private Columns columns = Columns.ALL;
    private int rateMs;
    private long subscription;
    private boolean ready;
    private Alive alive = new Alive(0, true, 0, Set.of());
    private long aliveAt;
    private long wholeAt;
    private long heardAt;
    private long readsFrom;
    private int relay;

    ClientModel(Chain chain, int number) {
        this.chain = chain;
        this.number = number;
        relay = number % 2;
    }

    void start() {
        want();
        chain.time.in(chain.upTo(200), this::dial);
        chain.time.in(LOOK_MS, this::look);
        chain.time.in(SEEN_MS, this::seen);
    }

    // What happens to it.

    /** Wants other matches, other markets, at another rate. */
    void wantOther() {
        want();
        if (session != null) {
            subscribe(session, Set.of());
        }
    }

    private void want() {
        int dice = chain.random.nextInt(4);
        select = dice == 0 ? Select.LIVE : dice == 1 ? new Select(Set.of(chain.world.any()), false) : Select.ALL;
        columns = COLUMNS.get(chain.random.nextInt(COLUMNS.size()));
        int held = chain.has(Flaw.RATE_HOLDS_BACK_WHAT_IS_VOUCHED_FOR) ? 900 : 300;
        rateMs = chain.oneIn(3) ? held : 0;
    }

    void stopReading(int ms) {
        readsFrom = chain.time.now() + ms;
    }

    void hop() {
        SessionModel before = session;
        if (before != null) {
            before.close();
            lost(before);
        }
    }

    void heal() {
        readsFrom = 0;
    }

    // The link.

    private void dial() {
        if (session != null) {
            return;
        }
        relay = chain.oneIn(3) ? 1 - relay : relay;
        SessionModel dialled = new SessionModel(chain.relays.get(relay), this);
        session = dialled;
        heardAt = chain.time.now();
        spoken.clear();
        asked.clear();
        held.keySet().removeIf(match -> !select.names(match, held(match).cells));
        subscribe(dialled, Set.of());
        settle();
    }

    void lost(SessionModel which) {
        if (which != session) {
            return;
        }
        session = null;
        ready = false;
        asked.clear();
        chain.time.in(chain.upTo(250), this::dial);
        settle();
    }

    /** Does it read from this wire now? It comes back to it otherwise. */
    boolean reads(SessionModel which) {
        long pause = readsFrom - chain.time.now();
        if (pause <= 0) {
            return true;
        }
        chain.time.in(pause, which::deliver);
        return false;
    }

    private void subscribe(SessionModel to, Set<String> lost) {
        SortedMap<String, @Nullable Claim> have = new TreeMap<>();
        for (String match : asked) {
            have.put(match, null);
        }
        for (String match : lost) {
            have.put(match, null);
        }
        held.forEach((match, mine) -> {
            if (!have.containsKey(match) && !spoken.contains(match)) {
                have.put(
                        match,
                        new Claim(mine.position, mine.sure.and(mine.cells.sums().keySet())));
            }
        });
        ready = false;
        claimed.clear();
        claimed.addAll(have.keySet());
        takenAway.clear();
        to.say(new Subscribe(++subscription, select, columns, rateMs, have));
    }

    // What it hears.

    void hear(SessionModel from, Frame frame) {
        if (from != session) {
            return;
        }
        heardAt = chain.time.now();
        if (chain.trace.on && frame instanceof Frame.Image image) {
            chain.trace.say(image.match(), this + " hears image " + Trace.show(image.position()));
        } else if (chain.trace.on && frame instanceof Frame.Patch patch) {
            chain.trace.say(
                    patch.match(),
                    this + " hears patch " + Trace.show(patch.from()) + " to " + Trace.show(patch.position()) + " "
                            + patch.set() + " " + patch.del());
        } else if (chain.trace.on) {
            chain.trace.say("", this + " hears " + frame);
        }
        if (frame instanceof Frame.Image image) {
            image(image);
        } else if (frame instanceof Frame.Patch patch) {
            patch(patch);
        } else if (frame instanceof Frame.Gone gone) {
            gone(gone);
        } else if (frame instanceof Frame.Ready done) {
            ready(done);
        } else if (frame instanceof Alive now) {
            alive = now;
            aliveAt = chain.has(Flaw.OLD_WORD_TAKEN_FOR_NEW) ? chain.time.now() : now.at();
        }
        settle();
    }

    private void image(Frame.Image image) {
        Held before = held.get(image.match());
        boolean older = before != null && image.position().compareTo(before.position) < 0;
        if (older && !chain.has(Flaw.CLIENT_AHEAD_GETS_IMAGE)) {
            return;
        }
        Cells under = before == null || !chain.has(Flaw.IMAGE_MERGED_AT_CLIENT) ? Cells.NONE : before.cells;
        Cells cells = under.with(image.cells(), new TreeSet<>());
        if (!cells.fit(image.sums())) {
            again(image.match());
            return;
        }
        become(image.match(), before, image.position(), cells, ready ? columns : Columns.NONE);
        spoken.add(image.match());
        asked.remove(image.match());
    }

    private void patch(Frame.Patch patch) {
        Held before = held.get(patch.match());
        if (before == null || !patch.from().equals(before.position)) {
            if (before == null || patch.position().compareTo(before.position) > 0) {
                again(patch.match());
            }
            return;
        }
        Cells cells = before.cells.with(patch.set(), patch.del());
        if (!cells.fit(patch.sums())) {
            again(patch.match());
            return;
        }
        become(patch.match(), before, patch.position(), cells, before.sure);
        spoken.add(patch.match());
    }

    private void become(String match, @Nullable Held before, Position position, Cells cells, Columns sure) {
        chain.promises.order.moves(toString(), match, before == null ? null : before.position, position);
        Held mine = before == null ? new Held(position) : before;
        mine.position = position;
        mine.cells = cells;
        mine.sure = sure;
        mine.over = false;
        held.put(match, mine);
        chain.promises.state.shown(toString(), match, position, cells, sure);
    }

    private void gone(Frame.Gone gone) {
        Held mine = held.get(gone.match());
        spoken.remove(gone.match());
        asked.remove(gone.match());
        if (mine != null && gone.over()) {
            mine.over = true;
        } else {
            held.remove(gone.match());
            if (!ready && claimed.contains(gone.match())) {
                takenAway.add(gone.match());
            }
        }
    }

    private void ready(Frame.Ready done) {
        if (done.id() != subscription) {
            return;
        }
        ready = true;
        SessionModel link = session;
        if (link != null && !takenAway.isEmpty()) {
            // It was claimed, and taken away before the relay had read the claim.
            subscribe(link, new HashSet<>(takenAway));
            return;
        }
        for (String match : spoken) {
            Held mine = held.get(match);
            if (mine != null && !asked.contains(match)) {
                mine.sure = columns;
                chain.promises.state.shown(toString(), match, mine.position, mine.cells, columns);
            }
        }
    }

    /** It does not fit: asked for as if it was not held. */
    private void again(String match) {
        SessionModel link = session;
        if (link == null || !asked.add(match)) {
            return;
        }
        subscribe(link, Set.of(match));
        long mine = subscription;
        chain.time.in(400, () -> {
            if (session == link && asked.contains(match) && subscription == mine) {
                asked.remove(match);
                again(match);
            }
        });
    }

    // What it thinks of it.

    private void settle() {
        if (session != null && ready && asked.isEmpty()) {
            wholeAt = chain.time.now();
        }
    }

    private void look() {
        settle();
        SessionModel link = session;
        if (link != null && chain.time.now() - heardAt > DEAD_MS) {
            link.close();
            lost(link);
        }
        chain.time.in(LOOK_MS, this::look);
    }

    boolean isLate() {
        long now = chain.time.now();
        boolean late = alive.late() || alive.lagMs() + now - aliveAt > LATE_MS || now - wholeAt > LATE_MS;
        return late && !chain.has(Flaw.LATE_IS_NOT_SHOWN);
    }

    /** Somebody looks at it. */
    private void seen() {
        chain.time.in(SEEN_MS, this::seen);
        if (isLate()) {
            return;
        }
        held.forEach((match, mine) -> {
            boolean counts = !mine.over || chain.has(Flaw.ENDED_STAYS_OPEN);
            if (counts && !alive.behind().contains(match)) {
                chain.promises.knownAge.believed(toString(), match, mine.position, mine.sure);
            }
        });
        if (ready && session != null) {
            for (String match : chain.world.inLog()) {
                if (!held.containsKey(match)) {
                    chain.promises.knownAge.missed(toString(), match, select);
                }
            }
        }
    }

    /** What keeps it from holding all that it wants as it is, null when nothing does. */
    @Nullable
    String unlike(String match, Truth.@Nullable Said truth) {
        if (session == null || !ready || isLate() || alive.behind().contains(match)) {
            return this + " is not current: " + alive + " ready=" + ready;
        }
        Held mine = held.get(match);
        if (truth == null || truth.ended() || !select.names(match, truth.cells())) {
            return mine == null || mine.over ? null : this + " still holds " + match;
        }
        if (mine == null || mine.over) {
            return this + " does not hold " + match;
        }
        String difference = mine.cells.difference(truth.cells().of(columns));
        return difference == null ? null : this + " holds " + match + " with " + difference;
    }

    private Held held(String match) {
        return Objects.requireNonNull(held.get(match));
    }

    @Override
    public String toString() {
        return "client" + number;
    }
}
