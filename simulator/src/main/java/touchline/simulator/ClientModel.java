package touchline.simulator;

import java.util.ArrayList;
import java.util.Collection;
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
import touchline.simulator.Wants.Want;
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

    private final Chain chain;
    private final int number;
    private final SortedMap<String, Held> held = new TreeMap<>();
    private final Set<String> asked = new HashSet<>();
    private final Set<String> spoken = new HashSet<>();
    private final Wants wants;
    private @Nullable SessionModel session;
    private long questions;
    private Alive alive = new Alive(null, 0, true, 0, Set.of());
    /** When that was said, at the earliest. */
    private long aliveAt;
    /** How far the relay's clock is ahead at most; null on a new link. */
    private @Nullable Long ahead;

    /** All is asked for, and not all that was held before is known to be held as it was asked for. */
    private boolean unsettled;

    private long askedAt;
    private long wholeAt;
    private long heardAt;
    private long readsFrom;
    private int relay;

    ClientModel(Chain chain, int number) {
        this.chain = chain;
        this.number = number;
        wants = new Wants(chain);
        relay = number % 2;
    }

    void start() {
        wants.more();
        if (chain.oneIn(2)) {
            wants.more();
        }
        chain.time.in(chain.upTo(200), this::dial);
        chain.time.in(LOOK_MS, this::look);
        chain.time.in(SEEN_MS, this::seen);
    }

    // What happens to it.

    /** Wants other matches, other markets, at another rate: something more, something less, or one thing for another. */
    void wantOther() {
        boolean more = wants.size() == 1 || (wants.size() == 2 && chain.oneIn(3));
        boolean less = more ? chain.oneIn(2) : chain.chance(70);
        if (more) {
            ask(List.of(wants.more()), Set.of());
        }
        if (less) {
            say(List.of(new Frame.Unsubscribe(wants.less().id())));
        }
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
        askedAt = heardAt;
        ahead = null;
        spoken.clear();
        asked.clear();
        held.keySet().removeIf(match -> wants.naming(match, held(match).cells).isEmpty());
        wants.forget();
        say(List.of(new Frame.Ping(heardAt)));
        ask(wants.all(), Set.of());
        settle();
    }

    void lost(SessionModel which) {
        if (which != session) {
            return;
        }
        session = null;
        wants.forget();
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

    private void say(List<Frame> message) {
        if (session != null) {
            session.say(message);
        }
    }

    /** In one message: between two the relay would know half of what is wanted. */
    private void ask(Collection<Want> some, Set<String> lost) {
        if (session == null) {
            return;
        }
        askedAt = wants.areReady() ? chain.time.now() : askedAt;
        questions++;
        List<Frame> message = new ArrayList<>();
        for (Want want : some) {
            SortedMap<String, @Nullable Claim> have = new TreeMap<>();
            asked.forEach(match -> have.put(match, null));
            lost.forEach(match -> have.put(match, null));
            held.forEach((match, mine) -> {
                boolean claims = !spoken.contains(match) && want.select().names(match, mine.cells);
                if (claims && !have.containsKey(match)) {
                    have.put(
                            match,
                            new Claim(
                                    mine.position,
                                    mine.sure.and(mine.cells.sums().keySet())));
                }
            });
            want.progress().ask(have.keySet());
            message.add(new Subscribe(want.id(), want.select(), want.columns(), want.rateMs(), have));
        }
        say(message);
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
            vouched(from, now);
        }
        settle();
    }

    /** An answer was said after its ping; how old other words are, the relay's clock tells. */
    private void vouched(SessionModel from, Alive word) {
        long now = chain.time.now();
        Long ping = word.ping();
        long said = ping != null ? ping : ahead != null ? word.at() - ahead : aliveAt;
        aliveAt = chain.has(Flaw.OLD_WORD_TAKEN_FOR_NEW) ? now : Math.min(now, said);
        ahead = word.at() - aliveAt;
        alive = word;
        settleColumns();
        if (now - aliveAt > LATE_MS / 2 && now - askedAt > DEAD_MS) {
            from.say(List.of(new Frame.Ping(now)));
        }
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
        become(image.match(), before, image.position(), cells, wants.sure(image.match(), cells));
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
            for (Want want : wants.all()) {
                if (!want.progress().ready && want.progress().claimed.contains(gone.match())) {
                    want.progress().takenAway.add(gone.match());
                }
            }
        }
    }

    private void ready(Frame.Ready done) {
        Want want = wants.get(done.id());
        if (want == null) {
            return;
        }
        want.progress().ready = true;
        want.progress().inForce = true;
        unsettled = true;
        settleColumns();
        if (!want.progress().takenAway.isEmpty()) {
            // It was claimed, and taken away before the relay had read the claim.
            ask(List.of(want), new HashSet<>(want.progress().takenAway));
        }
    }

    /** A relay that is behind has said nothing of the matches in which it is: they are held as they were. */
    private void settleColumns() {
        if (!unsettled || alive.late() || !wants.areReady()) {
            return;
        }
        unsettled = false;
        for (String match : spoken) {
            Held mine = held.get(match);
            if (mine != null && !asked.contains(match)) {
                mine.sure = wants.sure(match, mine.cells);
                chain.promises.state.shown(toString(), match, mine.position, mine.cells, mine.sure);
            }
        }
    }

    /** It does not fit: asked for as if it was not held. */
    private void again(String match) {
        SessionModel link = session;
        if (link == null || !asked.add(match)) {
            return;
        }
        Held mine = held.get(match);
        List<Want> naming = mine == null ? wants.all() : wants.naming(match, mine.cells);
        if (naming.isEmpty()) {
            gone(new Frame.Gone(match, false));
            return;
        }
        ask(naming, Set.of(match));
        long question = questions;
        chain.time.in(400, () -> {
            if (session == link && asked.contains(match) && questions == question) {
                asked.remove(match);
                again(match);
            }
        });
    }

    // What it thinks of it.

    private void settle() {
        if (session != null && wants.areReady() && asked.isEmpty()) {
            wholeAt = chain.has(Flaw.SILENT_LINK_IS_WHOLE) ? chain.time.now() : aliveAt - alive.lagMs();
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
        if (wants.areReady() && session != null) {
            for (String match : chain.world.inLog()) {
                for (Want want : held.containsKey(match) ? List.<Want>of() : wants.all()) {
                    chain.promises.knownAge.missed(toString(), match, want.select());
                }
            }
        }
    }

    /** What keeps it from holding all that it wants as it is, null when nothing does. */
    @Nullable
    String unlike(String match, Truth.@Nullable Said truth) {
        if (session == null || !wants.areReady() || isLate() || alive.behind().contains(match)) {
            return this + " is not current: " + alive + " ready=" + wants.areReady();
        }
        Held mine = held.get(match);
        Columns wanted = truth == null || truth.ended() ? null : wants.columns(match, truth.cells());
        if (truth == null || wanted == null) {
            return mine == null || mine.over ? null : this + " still holds " + match;
        }
        if (mine == null || mine.over) {
            return this + " does not hold " + match;
        }
        String difference = mine.cells.difference(truth.cells().of(wanted));
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
