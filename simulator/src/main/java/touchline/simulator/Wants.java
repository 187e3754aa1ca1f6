package touchline.simulator;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A client's subscriptions: never none, and up to three side by side, under which a match is sent once. */
final class Wants {

    private static final List<Columns> COLUMNS = List.of(
            Columns.ALL, new Columns(new TreeSet<>(Set.of("h2h"))), new Columns(new TreeSet<>(Set.of("h2h", "btts"))));

    /** A subscription. */
    record Want(long id, Select select, Columns columns, int rateMs, Progress progress) {}

    /** How far one has come on this link. */
    static final class Progress {
        boolean ready;
        /** The relay has said that it is. */
        boolean inForce;
        /** What was claimed with it, and what of that the relay has taken away since. */
        final Set<String> claimed = new HashSet<>();

        final Set<String> takenAway = new HashSet<>();

        void ask(Set<String> claims) {
            ready = false;
            claimed.clear();
            claimed.addAll(claims);
            takenAway.clear();
        }
    }

    private final Chain chain;
    private final SortedMap<Long, Want> wants = new TreeMap<>();
    private long lastId;

    Wants(Chain chain) {
        this.chain = chain;
    }

    Want more() {
        int dice = chain.random.nextInt(4);
        Select select = dice == 0 ? Select.LIVE : dice == 1 ? new Select(Set.of(chain.world.any()), false) : Select.ALL;
        Columns columns = COLUMNS.get(chain.random.nextInt(COLUMNS.size()));
        int held = chain.has(Flaw.RATE_HOLDS_BACK_WHAT_IS_VOUCHED_FOR) ? 900 : 300;
        Want want = new Want(++lastId, select, columns, chain.oneIn(3) ? held : 0, new Progress());
        wants.put(want.id(), want);
        return want;
    }

    /** The oldest one is let go. */
    Want less() {
        return Objects.requireNonNull(wants.remove(wants.firstKey()));
    }

    int size() {
        return wants.size();
    }

    List<Want> all() {
        return List.copyOf(wants.values());
    }

    @Nullable
    Want get(long id) {
        return wants.get(id);
    }

    /** Another link knows nothing of them. */
    void forget() {
        for (Want want : wants.values()) {
            want.progress().ask(Set.of());
            want.progress().inForce = false;
        }
    }

    boolean areReady() {
        return wants.values().stream().allMatch(want -> want.progress().ready);
    }

    List<Want> naming(String match, Cells cells) {
        return wants.values().stream()
                .filter(want -> want.select().names(match, cells))
                .toList();
    }

    /** Under which a match is to be held; null when it is not. */
    @Nullable
    Columns columns(String match, Cells cells) {
        return naming(match, cells).stream()
                .map(Want::columns)
                .reduce(Columns::or)
                .orElse(null);
    }

    /** Under which the relay sends a match for sure: more may have been asked for. */
    Columns sure(String match, Cells cells) {
        return naming(match, cells).stream()
                .filter(want -> want.progress().inForce || chain.has(Flaw.ASKED_FOR_COUNTS_AS_HELD))
                .map(Want::columns)
                .reduce(Columns.NONE, Columns::or);
    }
}
