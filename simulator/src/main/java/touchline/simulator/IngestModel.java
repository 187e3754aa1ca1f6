package touchline.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import touchline.feed.Body;
import touchline.feed.Changes;
import touchline.feed.FeedRecord;
import touchline.feed.HeldView;
import touchline.feed.Kind;
import touchline.feed.Link;
import touchline.feed.Polled;
import touchline.feed.Seq;
import touchline.feed.View;
import touchline.simulator.World.Document;
import touchline.simulator.World.LinkRow;
import touchline.simulator.World.Listed;
import touchline.simulator.World.Row;

/**
 * The ingest job: polls, reads the operators' rows, and writes what is news to the log, with the real comparison of views.
 * After a restore its generation is higher and its first word of each match a full view; what it wrote before may come again.
 */
final class IngestModel {

    private static final String ODDS = "oddsapi/odds";
    private static final String SCORES = "oddsapi/scores";
    private static final String DOCUMENTS = "manual/documents";
    private static final String HEARTBEAT = "manual/heartbeat";
    private static final String LINKS = "links/links";
    private static final int POLL_MS = 800;
    private static final int HEARTBEAT_MS = 1_500;
    private static final int CHECKPOINT_MS = 1_500;

    private final Chain chain;
    private final Changes changes = new Changes(1_500, 2_500);
    private State state = new State();
    private State kept = new State();
    private long generation = 1;
    private long silentUntil;
    private boolean down;
    private int life;
    /** Records stay in order. */
    private long writtenUntil;

    /** In this life. */
    private final Set<String> asked = new HashSet<>();

    private final List<FeedRecord> recent = new ArrayList<>();
    private final OlderWords older = new OlderWords();

    /** What a checkpoint holds. */
    private static final class State {
        final Map<String, HeldView> views = new TreeMap<>();
        final Map<String, LinkRow> links = new HashMap<>();
        final Set<String> operated = new HashSet<>();
        long lastPoll;
        int row;

        State copy() {
            State copy = new State();
            copy.views.putAll(views);
            copy.links.putAll(links);
            copy.operated.addAll(operated);
            copy.lastPoll = lastPoll;
            copy.row = row;
            return copy;
        }
    }

    IngestModel(Chain chain) {
        this.chain = chain;
    }

    void start() {
        int mine = life;
        down = false;
        in(mine, chain.upTo(50), () -> poll(mine, ODDS));
        in(mine, chain.upTo(50), () -> poll(mine, SCORES));
        in(mine, HEARTBEAT_MS, () -> heartbeat(mine));
        in(mine, CHECKPOINT_MS, () -> checkpoint(mine));
        committed();
    }

    private void in(int mine, long ms, Runnable what) {
        chain.time.in(ms, () -> {
            if (mine == life) {
                what.run();
            }
        });
    }

    /** The provider does not answer. */
    void silence(int ms) {
        silentUntil = chain.time.now() + ms;
    }

    void heal() {
        silentUntil = 0;
    }

    /** It dies; what was on its way to the log is lost or comes late, and what came after its last checkpoint comes again. */
    void crash() {
        life++;
        asked.clear();
        down = true;
        state = kept.copy();
        if (!chain.has(Flaw.CHANGE_MEMORY_RESTORED)) {
            generation++;
        }
        chain.time.in(100 + chain.upTo(900), this::start);
        if (chain.trace.on) {
            chain.trace.say("", "ingest crashes; generation " + generation);
        }
    }

    private void checkpoint(int mine) {
        State now = state.copy();
        // It is complete when all that was written before it is in the log.
        in(mine, Math.max(0, writtenUntil - chain.time.now()), () -> kept = now);
        in(mine, CHECKPOINT_MS / 2 + chain.upTo(CHECKPOINT_MS), () -> checkpoint(mine));
    }

    // The provider.

    private void poll(int mine, String source) {
        in(mine, POLL_MS / 2 + chain.upTo(POLL_MS), () -> poll(mine, source));
        if (chain.time.now() < silentUntil) {
            return;
        }
        long n = Math.max(state.lastPoll + 1, chain.time.now());
        state.lastPoll = n;
        for (String provider : chain.world.providers()) {
            Listed match = chain.world.listed(provider);
            boolean odds = source.equals(ODDS);
            boolean known = state.views.containsKey(provider + " " + source);
            if (!odds && !chain.world.hasScore(match)) {
                continue;
            }
            View view = odds ? chain.world.odds(match, asked.add(provider)) : chain.world.score(match);
            if (view.missing() && !known) {
                continue;
            }
            long at = chain.time.now() - chain.upTo(30);
            in(
                    mine,
                    chain.upTo(60),
                    () -> hear(
                            new Polled(provider, source, new Seq(generation, n), at, chain.time.now(), 1_000, view)));
        }
    }

    private void hear(Polled polled) {
        String key = polled.match() + " " + polled.source();
        HeldView held = state.views.get(key);
        Changes.Step step = changes.hear(held, polled, inLog(polled.match()), false);
        state.views.put(key, step.held());
        step.record().ifPresent(this::write);
    }

    private String inLog(String provider) {
        LinkRow link = state.links.get(provider);
        return link == null || link.match() == null ? provider : link.match();
    }

    // The operators.

    void committed() {
        int mine = life;
        if (!down) {
            in(mine, chain.upTo(40), this::read);
        }
    }

    private void read() {
        List<Row> rows = chain.world.rows();
        while (state.row < rows.size()) {
            Row row = rows.get(state.row++);
            if (row instanceof Document document) {
                boolean deleted = document.body().deleted();
                boolean unused =
                        deleted ? state.operated.remove(document.match()) : state.operated.add(document.match());
                write(new FeedRecord(
                        document.match(),
                        DOCUMENTS,
                        new Seq(1, document.rev()),
                        document.at(),
                        chain.time.now(),
                        0,
                        Kind.MANUAL,
                        document.body()));
            } else if (row instanceof LinkRow link) {
                link(link);
            }
        }
    }

    private void link(LinkRow row) {
        LinkRow before = state.links.get(row.provider());
        if (before != null && row.rev() <= before.rev()) {
            return;
        }
        state.links.put(row.provider(), row);
        boolean toCanonical = !chain.has(Flaw.LINK_TOLD_TO_PROVIDERS_ONLY);
        boolean toProviders = !chain.has(Flaw.LINK_TOLD_TO_CANONICAL_ONLY);
        String now = row.match();
        String other = now != null ? now : row.was();
        if (row.was() != null && !row.was().equals(now) && toCanonical) {
            write(link(row.was(), row, new Link(Link.Direction.FROM, row.provider(), false)));
        }
        if (other != null && toProviders) {
            write(link(row.provider(), row, new Link(Link.Direction.TO, other, now != null)));
        }
        if (now != null && toCanonical) {
            write(link(now, row, new Link(Link.Direction.FROM, row.provider(), true)));
        }
        for (Map.Entry<String, HeldView> view : state.views.entrySet()) {
            if (view.getKey().startsWith(row.provider() + " ")) {
                Changes.Step step = changes.image(view.getValue(), inLog(row.provider()), chain.time.now());
                view.setValue(step.held());
                step.record().ifPresent(this::write);
            }
        }
    }

    private FeedRecord link(String match, LinkRow row, Body body) {
        return new FeedRecord(match, LINKS, new Seq(1, row.rev()), row.at(), chain.time.now(), 0, Kind.LINK, body);
    }

    /** While change capture runs, operators' matches are not silent. */
    private void heartbeat(int mine) {
        for (String match : new TreeSet<>(state.operated)) {
            long now = chain.time.now();
            write(new FeedRecord(
                    match, HEARTBEAT, new Seq(generation, now), now, now, 2_500, Kind.SEEN, View.seen(List.of())));
        }
        in(mine, HEARTBEAT_MS, () -> heartbeat(mine));
    }

    // The log.

    private void write(FeedRecord record) {
        int mine = life;
        long now = chain.time.now();
        writtenUntil = Math.max(writtenUntil + chain.random.nextInt(2), now + chain.upTo(15));
        chain.time.in(writtenUntil - now, () -> {
            if (mine == life || chain.oneIn(2)) {
                append(record);
            }
        });
    }

    private void append(FeedRecord written) {
        FeedRecord record = chain.has(Flaw.OLD_VIEW_AFTER_RESTORE) ? older.forgetIn(written) : written;
        chain.log.append(record);
        if (record.body() instanceof Link link) {
            chain.promises.links.told(record.match(), link);
        }
        recent.add(record);
        if (recent.size() > 8) {
            recent.remove(0);
        }
        if (chain.oneIn(12)) {
            FeedRecord again = recent.get(chain.random.nextInt(recent.size()));
            chain.time.in(chain.upTo(400), () -> chain.log.append(again));
        }
    }
}
