package touchline.book;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import touchline.feed.Clock;
import touchline.feed.FeedRecord;
import touchline.feed.Fixture;
import touchline.feed.Incident;
import touchline.feed.Period;
import touchline.feed.Phase;
import touchline.feed.Score;

/**
 * Settles a match after something was heard or time has passed: who is silent, which phase it is in, what the score is,
 * what of that suspends every market; then lets each market that is touched be ruled on, and notes the next wake-up.
 */
final class MatchRules {

    /** Key of the cause "goal". */
    static final String GOAL = "goal";

    private static final Fixture UNKNOWN = new Fixture(null, null, null, null, null);
    /** What a cell's field should not have of an incident's key. */
    private static final Pattern FIELD = Pattern.compile("[/ @:]");

    private static final String PHASE = "phase";
    private static final String CONFLICT = "conflict";

    private final MarketRules rules;
    private final MarketRuling ruling;

    MatchRules(MarketRules rules, MarketRuling ruling) {
        this.rules = rules;
        this.ruling = ruling;
    }

    void settle(Draft draft) {
        MatchBook book = draft.book;
        book.settledAt = draft.now;
        if (book.isRunning()) {
            Fixture fixture = fixture(draft);
            silence(draft, fixture);
            phase(draft, fixture);
            Score score = score(draft, fixture);
            ending(draft);
            book.causes.values().removeIf(cause -> cause.until() <= draft.now);
            draft.touched().forEach((key, market) -> ruling.rule(draft, key, market));
            draft.matchCells(cells(book, fixture, score));
            draft.incidentCells(incidents(book));
        }
        book.wakeAt = wakeAt(draft);
        if (book.wakeAt <= draft.now) {
            throw new IllegalStateException("match=" + draft.match + " settled at " + draft.now
                    + " but wants to be woken at " + book.wakeAt + ", which is not later");
        }
    }

    /** The match is over: its markets go, its position stays. */
    void end(Draft draft, MatchBook.End end, @Nullable String movedTo) {
        MatchBook book = draft.book;
        Fixture fixture = fixture(draft);
        Score score = effective(book);
        book.end = end;
        book.endedAt = draft.now;
        book.movedTo = movedTo;
        book.phase = Phase.ENDED;
        book.period = null;
        draft.touchAll();
        book.kept.clear();
        draft.touched().forEach((key, market) -> {
            if (market.manual != null) {
                book.kept.put(key, market.manual);
            }
        });
        draft.removeAll();
        book.causes.clear();
        draft.matchCells(cells(book, fixture, score));
    }

    private void silence(Draft draft, Fixture fixture) {
        MatchBook book = draft.book;
        for (Map.Entry<String, Stream> entry : book.streams.entrySet()) {
            String source = entry.getKey();
            Stream stream = entry.getValue();
            boolean silent = draft.now > speaksUntil(book, source, stream);
            if (silent != stream.silent) {
                stream.silent = silent;
                draft.touchAll();
            }
            String key = "silent " + source;
            boolean scoreUnknown = (silent || isUnread(book.scores.get(source), fixture))
                    && book.phase == Phase.LIVE
                    && (book.operator.score() == null
                            ? book.scores.containsKey(source)
                            : source.equals(MarketRuling.DOCUMENTS));
            if (scoreUnknown && !draft.isRaised(key)) {
                draft.raise(key, new Cause(Reason.SOURCE_SILENT, draft.now, Cause.OPEN_ENDED, false));
            } else if (!scoreUnknown && draft.isRaised(key)) {
                draft.lift(key, 0, draft.now);
            }
        }
    }

    /** Does the source have a score that nobody can read? It tells as much of what happens on the pitch as silence does. */
    private boolean isUnread(@Nullable Score score, Fixture fixture) {
        return score != null && !score.hasNumbers() && !score.completed() && !isFreeScoring(fixture);
    }

    /** The last log time at which the stream is not silent. Its provider's heartbeat speaks for it, too. */
    private static long speaksUntil(MatchBook book, String source, Stream stream) {
        Stream heartbeat = book.streams.get(FeedRecord.provider(source) + Stream.HEARTBEAT);
        if (heartbeat == null || heartbeat == stream) {
            return stream.dueBy();
        }
        return stream.nextMs == 0 ? heartbeat.dueBy() : Math.max(heartbeat.dueBy(), stream.dueBy());
    }

    private static Fixture fixture(Draft draft) {
        MatchBook book = draft.book;
        String own = draft.match.substring(0, draft.match.indexOf(':'));
        Fixture provider = book.fixtures.get(own);
        if (provider == null) {
            provider = book.fixtures.values().stream().findFirst().orElse(UNKNOWN);
        }
        Fixture operator = book.operator.fixture();
        if (operator == null) {
            return provider;
        }
        return new Fixture(
                operator.sport() != null ? operator.sport() : provider.sport(),
                operator.league() != null ? operator.league() : provider.league(),
                operator.home() != null ? operator.home() : provider.home(),
                operator.away() != null ? operator.away() : provider.away(),
                operator.start() != null ? operator.start() : provider.start());
    }

    private void phase(Draft draft, Fixture fixture) {
        MatchBook book = draft.book;
        Phase phase = book.operator.phase();
        if (phase == null) {
            Long start = fixture.start();
            phase = start != null && start <= draft.now ? Phase.LIVE : Phase.UPCOMING;
        }
        Period period = book.operator.period();
        boolean changed = book.phase != null && (phase != book.phase || period != book.period);
        if (phase != book.phase) {
            // Freshness is another in play.
            draft.touchAll();
        }
        book.phase = phase;
        book.period = period;
        if (changed) {
            boolean byOperator = draft.heardFrom.equals(MarketRuling.DOCUMENTS);
            draft.raise(PHASE, new Cause(Reason.PHASE_CHANGE, draft.now, draft.now + rules.phaseHoldMs(), byOperator));
        }
    }

    private @Nullable Score score(Draft draft, Fixture fixture) {
        MatchBook book = draft.book;
        boolean conflict = book.operator.score() == null && disagree(book);
        if (conflict && !draft.isRaised(CONFLICT)) {
            draft.raise(CONFLICT, new Cause(Reason.SCORE_CONFLICT, draft.now, Cause.OPEN_ENDED, false));
        } else if (!conflict && draft.isRaised(CONFLICT)) {
            draft.lift(CONFLICT, draft.now, draft.now);
        }
        Score score = effective(book);
        if (score == null) {
            return null;
        }
        String home = book.match.get("home_score");
        String away = book.match.get("away_score");
        boolean same = home == null
                ? book.version == 0
                        || (text(score.home()).equals("0") && text(score.away()).equals("0"))
                : home.equals(text(score.home())) && text(score.away()).equals(away);
        if (!same && !isFreeScoring(fixture)) {
            // A score that comes to count because another gave way says nothing of when prices went wrong.
            boolean told = score.at() != 0 && score.equals(book.scores.get(draft.heardFrom));
            boolean byOperator = book.operator.score() != null;
            long stamp = told && !byOperator ? Math.min(score.at(), draft.now) : draft.now;
            draft.raise(GOAL, new Cause(Reason.GOAL, stamp, draft.now + rules.goalHoldMs(), byOperator));
        }
        return score;
    }

    private boolean isFreeScoring(Fixture fixture) {
        String sport = fixture.sport();
        if (sport == null) {
            return false;
        }
        int underscore = sport.indexOf('_');
        return rules.freeScoringSports().contains(underscore < 0 ? sport : sport.substring(0, underscore));
    }

    /** Two sources that speak have different scores. */
    private static boolean disagree(MatchBook book) {
        Score first = null;
        for (Map.Entry<String, Score> entry : book.scores.entrySet()) {
            Score score = entry.getValue();
            if (!score.hasNumbers() || book.stream(entry.getKey()).silent) {
                continue;
            }
            if (first != null
                    && !(Objects.equals(first.home(), score.home()) && Objects.equals(first.away(), score.away()))) {
                return true;
            }
            first = score;
        }
        return false;
    }

    /** The operator's score, or the latest of the sources'; always one with numbers. */
    private static @Nullable Score effective(MatchBook book) {
        Score latest = book.operator.score();
        if (latest == null) {
            for (Score score : book.scores.values()) {
                boolean later = latest == null || score.at() > latest.at();
                latest = score.hasNumbers() && later ? score : latest;
            }
        }
        return latest;
    }

    private void ending(Draft draft) {
        MatchBook book = draft.book;
        if (book.operator.saysOver()) {
            end(draft, MatchBook.End.OPERATOR, null);
        } else if (book.operator.phase() == null
                && book.scores.values().stream().anyMatch(Score::completed)) {
            end(draft, MatchBook.End.COMPLETED, null);
        } else if (unlistedAt(book) <= draft.now || (book.fixtures.isEmpty() && !book.operator.ownsMatch())) {
            end(draft, MatchBook.End.UNLISTED, null);
        }
    }

    /** When the match ends because no provider lists it any more: its polls lack it, or it has not spoken for long. */
    private long unlistedAt(MatchBook book) {
        if (book.operator.ownsMatch()) {
            return Long.MAX_VALUE;
        }
        boolean quoted = book.streams.values().stream().anyMatch(stream -> stream.quotes || stream.missingSince > 0);
        long unlistedAt = 0;
        for (Map.Entry<String, Stream> entry : book.streams.entrySet()) {
            Stream stream = entry.getValue();
            boolean lists = quoted ? stream.quotes || stream.missingSince > 0 : stream.nextMs > 0;
            if (lists && !entry.getKey().endsWith(Stream.HEARTBEAT)) {
                unlistedAt = Math.max(unlistedAt, unlistedAt(stream));
            }
        }
        return unlistedAt == 0 ? Long.MAX_VALUE : unlistedAt;
    }

    private long unlistedAt(Stream stream) {
        if (stream.missingSince > 0) {
            return stream.missingSince + rules.endAfterMissingMs();
        }
        return stream.nextMs == 0 ? Long.MAX_VALUE : stream.dueBy() + rules.endAfterSilentMs();
    }

    private static SortedMap<String, String> cells(MatchBook book, Fixture fixture, @Nullable Score score) {
        SortedMap<String, String> cells = new TreeMap<>();
        put(cells, "sport", fixture.sport());
        put(cells, "league", fixture.league());
        put(cells, "home", fixture.home());
        put(cells, "away", fixture.away());
        put(cells, "start", fixture.start() == null ? null : Long.toString(fixture.start()));
        Phase phase = book.phase;
        put(cells, "phase", phase == null ? Phase.UPCOMING.json() : phase.json());
        put(cells, "period", book.period == null ? null : book.period.json());
        if (score != null) {
            cells.put("home_score", text(score.home()));
            cells.put("away_score", text(score.away()));
        }
        Clock clock = book.operator.clock();
        if (clock != null) {
            cells.put("clock_at", Long.toString(clock.at()));
            cells.put("clock_seconds", Integer.toString(clock.seconds()));
            cells.put("clock_running", clock.running() ? "1" : "0");
        }
        if (book.isRunning()) {
            boolean stale = book.streams.values().stream().anyMatch(stream -> stream.silent);
            cells.put("feed", stale ? "stale" : "up");
        } else {
            cells.put("ended", book.end.name().toLowerCase(Locale.ROOT));
            put(cells, "moved_to", book.movedTo);
        }
        return cells;
    }

    private static SortedMap<String, String> incidents(MatchBook book) {
        SortedMap<String, String> cells = new TreeMap<>();
        for (Map.Entry<String, Incident> entry : book.incidents.entrySet()) {
            Incident incident = entry.getValue();
            String side = incident.side() == null ? "" : " " + incident.side();
            String text = incident.type() + " " + incident.state() + " " + incident.at() + side;
            cells.put(FIELD.matcher(entry.getKey()).replaceAll("-"), text.toLowerCase(Locale.ROOT));
        }
        return cells;
    }

    private static String text(@Nullable Integer points) {
        return String.valueOf(points);
    }

    private static void put(SortedMap<String, String> cells, String field, @Nullable String value) {
        if (value != null) {
            cells.put(field, value);
        }
    }

    private long wakeAt(Draft draft) {
        MatchBook book = draft.book;
        if (book.end == MatchBook.End.UNBORN && book.isAwaited(draft.match)) {
            return Long.MAX_VALUE;
        }
        if (!book.isRunning()) {
            return (book.end == MatchBook.End.UNBORN ? book.settledAt : book.endedAt) + rules.tombstoneMs();
        }
        long wake = unlistedAt(book);
        for (long market : book.marketWakes.values()) {
            wake = Math.min(wake, market);
        }
        for (Cause cause : book.causes.values()) {
            wake = Math.min(wake, cause.until());
        }
        for (Map.Entry<String, Stream> entry : book.streams.entrySet()) {
            long until = speaksUntil(book, entry.getKey(), entry.getValue());
            if (!entry.getValue().silent && until != Long.MAX_VALUE) {
                wake = Math.min(wake, until + 1);
            }
        }
        return Math.min(wake, kickOff(book));
    }

    private static long kickOff(MatchBook book) {
        if (book.phase != Phase.UPCOMING || book.operator.phase() != null) {
            return Long.MAX_VALUE;
        }
        String start = book.match.get("start");
        return start == null ? Long.MAX_VALUE : Long.parseLong(start);
    }
}
