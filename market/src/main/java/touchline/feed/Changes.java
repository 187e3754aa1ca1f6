package touchline.feed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is news in a provider's polls, per match and source stream: each poll brings a full view, and what comes
 * out is at most one feed record, under the id the match has in the log. Prices are compared by content, never by their
 * stamp; a quote stamped before the one held is older data and changes nothing. Pure: time is the polls' own.
 *
 * <p>What is held is what was said, so a stamp needs no price beside it: whoever folds the records knows which one it
 * confirms. A reader that began anew may know less than the log, and say in its first full view what is older.
 *
 * <p>Records of one stream and match have a strictly rising {@link Seq}. The first poll of a generation, the first one
 * after the match was missing, and whenever it is asked for, gives a full view. A match that is over is not repeated.
 *
 * @param seenEveryMs a match that is merely unchanged is spoken of when this long has passed since it last was
 * @param doubtMs for this long after quotes went, the match was missing or the score changed, every poll is told, since
 *     a market then waits for fresh stamps
 */
public record Changes(long seenEveryMs, long doubtMs) {

    public Changes {
        if (seenEveryMs < 0 || doubtMs < 0) {
            throw new IllegalArgumentException("seenEveryMs=" + seenEveryMs + " doubtMs=" + doubtMs + ": not below 0");
        }
    }

    /** What comes of a poll: what to hold for the next one, and the record to write, if any. */
    public record Step(HeldView held, Optional<FeedRecord> record) {}

    /**
     * Compares a poll with what is held.
     *
     * @param held null at the first poll ever of this match and stream
     * @param match the id under which the match is kept in the log: the poll's own, or the one it is linked to
     * @param full say the whole view, changed or not
     */
    public Step hear(@Nullable HeldView held, Polled polled, String match, boolean full) {
        if (held != null && polled.seq().compareTo(held.last().seq()) <= 0) {
            return new Step(held, Optional.empty());
        }
        if (held == null) {
            View first = polled.view();
            View view = first.missing() ? absent(null, null) : whole(first);
            return say(polled, view, view, match, polled.seq(), polled.seen());
        }
        View before = held.last().view();
        boolean restarted = polled.seq().generation() > held.said().generation();
        if (polled.view().missing()) {
            View now = absent(before.fixture(), before.score());
            if (before.missing() && !full) {
                return new Step(held.with(polled, now), Optional.empty());
            }
            boolean whole = full || restarted;
            View said = whole ? now : new View(false, true, null, List.of(), List.of(), List.of(), null, List.of());
            return say(polled, now, said, match, next(held, polled), polled.seen());
        }
        return present(held, polled, match, full || restarted);
    }

    /**
     * The whole of what is held, at once and again: for a match that was just linked to another or let go.
     *
     * @param now the present time, ms UTC; puts the image above what was said under the same id before
     */
    public Step image(HeldView held, String match, long now) {
        Polled last = held.last();
        View view = last.view().missing() ? last.view() : whole(last.view());
        Seq seq = new Seq(held.said().generation(), Math.max(held.said().n() + 1, now));
        return say(last, view, view, match, seq, held.doubtAt());
    }

    private Step present(HeldView held, Polled polled, String match, boolean full) {
        View before = held.last().view();
        Merge merge = new Merge(before, polled.view());
        View news = merge.news();
        boolean over = completed(before.score()) && completed(merge.score) && news.score() == null;
        if (over && news.fixture() == null) {
            return new Step(held.with(polled, merge.now(merge.moved)), Optional.empty());
        }
        boolean alarming = !news.gone().isEmpty() || news.score() != null;
        long doubtAt = alarming ? polled.seen() : held.doubtAt();
        if (full || before.missing()) {
            View now = merge.now(List.of());
            return say(polled, now, now, match, next(held, polled), before.missing() ? polled.seen() : doubtAt);
        }
        long quiet = polled.seen() - held.saidAt();
        long sinceDoubt = polled.seen() - held.doubtAt();
        // A clock that stepped back makes both negative: rather say it once too often.
        boolean due = quiet >= seenEveryMs || quiet < 0 || sinceDoubt < doubtMs;
        if (news.kind() == Kind.SEEN && !due) {
            return new Step(held.with(polled, merge.now(merge.moved)), Optional.empty());
        }
        return say(polled, merge.now(List.of()), news, match, next(held, polled), doubtAt);
    }

    private Step say(Polled polled, View now, View said, String match, Seq seq, long doubtAt) {
        String from = polled.match().equals(match) ? null : polled.match();
        FeedRecord record = new FeedRecord(
                match, polled.source(), from, seq, polled.at(), polled.seen(), nextMs(polled, now), said.kind(), said);
        Polled last = new Polled(
                polled.match(), polled.source(), polled.seq(), polled.at(), polled.seen(), polled.nextMs(), now);
        return new Step(new HeldView(last, seq, polled.seen(), doubtAt), Optional.of(record));
    }

    /** When this stream speaks of the match again; of one that is missing or over it promises nothing. */
    private long nextMs(Polled polled, View now) {
        if (polled.nextMs() == 0 || now.missing() || completed(now.score())) {
            return 0;
        }
        return polled.nextMs() >= seenEveryMs ? polled.nextMs() : polled.nextMs() + seenEveryMs;
    }

    /** The poll's own place, or the next one where an image said between polls has taken it. */
    private static Seq next(HeldView held, Polled polled) {
        Seq own = polled.seq();
        Seq said = held.said();
        return own.compareTo(said) > 0 ? own : new Seq(said.generation(), said.n() + 1);
    }

    private static boolean completed(@Nullable Score score) {
        return score != null && score.completed();
    }

    private static View whole(View view) {
        return new View(
                true, false, view.fixture(), view.quotes(), List.of(), List.of(), view.score(), view.incidents());
    }

    private static View absent(@Nullable Fixture fixture, @Nullable Score score) {
        return new View(true, true, fixture, List.of(), List.of(), List.of(), score, List.of());
    }

    /** A bookmaker's market. */
    private record Cell(String bookmaker, String market) {}

    /** The view before and the one just heard, cell by cell. */
    private static final class Merge {
        private final @Nullable Fixture fixture;
        private final @Nullable Fixture newFixture;
        private final @Nullable Score score;
        private final @Nullable Score newScore;
        private final List<Quote> quotes = new ArrayList<>();
        private final List<Quote> changed = new ArrayList<>();
        private final List<Gone> gone = new ArrayList<>();
        private final List<Stamp> moved = new ArrayList<>();
        private final List<Incident> incidents;
        private final List<Incident> newIncidents = new ArrayList<>();

        Merge(View before, View heard) {
            fixture = merged(before.fixture(), heard.fixture());
            newFixture = fixture == null || fixture.equals(before.fixture()) ? null : fixture;
            score = merged(before.score(), heard.score());
            newScore = same(before.score(), score) ? null : score;
            quotes(before, heard);
            incidents = heard.incidents();
            for (Incident incident : incidents) {
                if (!before.incidents().contains(incident)) {
                    newIncidents.add(incident);
                }
            }
        }

        View news() {
            return new View(false, false, newFixture, changed, gone, moved, newScore, newIncidents);
        }

        /** The full view to hold, with the stamps that moved and were not said. */
        View now(List<Stamp> unsaid) {
            return new View(true, false, fixture, quotes, List.of(), unsaid, score, incidents);
        }

        private void quotes(View before, View heard) {
            Map<Cell, Quote> old = new LinkedHashMap<>();
            before.quotes().forEach(quote -> old.put(new Cell(quote.bookmaker(), quote.market()), quote));
            Map<Cell, Stamp> unsaid = new LinkedHashMap<>();
            before.stamps().forEach(stamp -> unsaid.put(new Cell(stamp.bookmaker(), stamp.market()), stamp));
            for (Quote quote : heard.quotes()) {
                Cell cell = new Cell(quote.bookmaker(), quote.market());
                Quote was = old.remove(cell);
                Quote is = was != null && quote.at() < was.at() ? was : quote;
                quotes.add(is);
                if (was == null || !sameContent(was, is)) {
                    changed.add(is);
                } else if (is.at() > was.at() || unsaid.containsKey(cell)) {
                    moved.add(new Stamp(is.bookmaker(), is.market(), is.at()));
                }
            }
            old.keySet().forEach(cell -> gone.add(new Gone(cell.bookmaker(), cell.market())));
        }

        private static boolean sameContent(Quote a, Quote b) {
            return Objects.equals(a.line(), b.line()) && a.prices().equals(b.prices());
        }

        private static boolean same(@Nullable Score before, @Nullable Score now) {
            if (before == null || now == null) {
                return before == null && now == null;
            }
            return Objects.equals(before.home(), now.home())
                    && Objects.equals(before.away(), now.away())
                    && before.completed() == now.completed();
        }

        private static @Nullable Score merged(@Nullable Score before, @Nullable Score heard) {
            if (before == null || heard == null) {
                return heard == null ? before : heard;
            }
            return heard.at() < before.at() ? before : heard.after(before);
        }

        private static @Nullable Fixture merged(@Nullable Fixture before, @Nullable Fixture heard) {
            if (before == null || heard == null) {
                return heard == null ? before : heard;
            }
            return new Fixture(
                    heard.sport() == null ? before.sport() : heard.sport(),
                    heard.league() == null ? before.league() : heard.league(),
                    heard.home() == null ? before.home() : heard.home(),
                    heard.away() == null ? before.away() : heard.away(),
                    heard.start() == null ? before.start() : heard.start());
        }
    }
}
