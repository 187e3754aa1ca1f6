package touchline.book;

import java.util.ArrayList;
import java.util.List;
import touchline.feed.FeedRecord;
import touchline.feed.Link;
import touchline.feed.ManualDocument;
import touchline.feed.Phase;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.View;
import touchline.price.MedianPricing;
import touchline.update.Times;

/**
 * The book-keeper of all matches: takes one feed record at a time into the match's book and says what changed. A pure
 * function of the book, the record and the log time: the same log gives the same updates, byte for byte, in every
 * replay. Wake-ups that are due are always applied first, each at its own time and as an update of its own.
 *
 * <p>A step that throws has left the store untouched; it means a broken invariant. The caller {@linkplain #fault
 * quarantines} that book and goes on. Not thread-safe.
 */
public final class MarketMachine {

    private static final String FAULT = "fault";

    private final MarketRules rules;
    private final MatchRules matchRules;
    private final MarketRuling ruling;

    public MarketMachine(MarketRules rules) {
        this.rules = rules;
        this.ruling = new MarketRuling(rules, new MedianPricing());
        this.matchRules = new MatchRules(rules, ruling);
    }

    /** The record is heard at a log time; a repeat, or data older than held, changes nothing. */
    public Step apply(BookStore store, FeedRecord record, long logTime) {
        MatchBook book = MatchBook.of(store.head());
        if (book.wakeAt > logTime && !isForeign(book)) {
            return hear(store, book, record, logTime, new Saying());
        }
        // A record that throws must not leave wake-ups behind that nobody was told of.
        PendingStore pending = new PendingStore(store);
        Saying said = new Saying();
        book = wakeUps(pending, record.match(), logTime, said);
        Step step = hear(pending, book, record, logTime, said);
        pending.flush();
        return step;
    }

    private Step hear(BookStore store, MatchBook book, FeedRecord record, long logTime, Saying said) {
        String source = Stream.of(record);
        Stream stream = book.streams.get(source);
        if (stream != null && record.seq().compareTo(stream.seq) <= 0) {
            return said.step(List.of(), book.wakeAt);
        }
        Refused refused = Admission.unusable(book, record);
        boolean keeps = Admission.keeps(book, record);
        if (refused != null && !keeps) {
            if (book.end != MatchBook.End.UNBORN) {
                // Refused is heard, too: its repeat is still a repeat after the match has begun again.
                book.stream(source).seq = record.seq();
                store.head(book.toBytes());
            }
            return said.step(List.of(refused), book.wakeAt);
        }
        Draft draft = new Draft(store, record.match(), book, Math.max(logTime, book.settledAt));
        draft.heardFrom = source;
        if (!book.isRunning() && Admission.begins(book, record)) {
            begin(draft);
        }
        List<Refused> parts = refused == null ? new ArrayList<>() : new ArrayList<>(List.of(refused));
        parts.addAll(hear(draft, record));
        Stream heard = book.stream(source);
        heard.seq = record.seq();
        heard.heard = draft.now;
        heard.nextMs = record.nextMs();
        matchRules.settle(draft);
        said.commit(draft, new Times(record.at(), record.seen(), draft.now, 0, 0));
        return said.step(parts, book.wakeAt);
    }

    /** Time has passed and nothing was said. */
    public Step wake(BookStore store, String match, long logTime) {
        Saying said = new Saying();
        PendingStore pending = new PendingStore(store);
        MatchBook book = wakeUps(pending, match, logTime, said);
        pending.flush();
        return said.step(List.of(), book.wakeAt);
    }

    /**
     * All that is said of the match at its present position, to be said again after a restore; no update when nothing ever
     * was. Under a new generation of the rules this begins a new epoch, and every quote is told again.
     */
    public Step image(BookStore store, String match) {
        Saying said = new Saying();
        MatchBook book = adopt(store, match, MatchBook.of(store.head()), said);
        if (said.isSilent() && book.version > 0) {
            said.image(new Draft(store, match, book, book.settledAt).image(new Times(0, 0, book.settledAt, 0, 0)));
        }
        return said.step(List.of(), book.wakeAt);
    }

    /** When the book wants to be woken; cheap. {@link Long#MAX_VALUE} for never. */
    public static long wakeAt(BookStore store) {
        return MatchBook.wakeAt(store.head());
    }

    /** Is the match in play, as far as the book knows? */
    public static boolean isLive(BookStore store) {
        MatchBook book = MatchBook.of(store.head());
        return book.isRunning() && book.phase == Phase.LIVE;
    }

    /**
     * A step with this record threw. What threw is found again, in the order in which a replay meets it: a wake-up that
     * throws suspends the whole book at its own time, and the record is then heard; a record that throws suspends the
     * book and is refused.
     */
    public Step fault(BookStore store, FeedRecord record, long logTime, String detail) {
        PendingStore pending = new PendingStore(store);
        Saying said = new Saying();
        if (!quarantineBadWakeUp(pending, record.match(), logTime, said)) {
            return refuseFault(store, pending, record, logTime, detail, said);
        }
        PendingStore hearing = new PendingStore(pending);
        Step step;
        try {
            step = apply(hearing, record, logTime);
        } catch (RuntimeException e) {
            return refuseFault(store, pending, record, logTime, detail, said);
        }
        hearing.flush();
        pending.flush();
        said.addAll(step);
        return said.step(step.refused(), step.wakeAt());
    }

    /** A wake-up threw: the whole book is suspended at the time of that wake-up. */
    public Step fault(BookStore store, String match, long logTime) {
        PendingStore pending = new PendingStore(store);
        Saying said = new Saying();
        if (!quarantineBadWakeUp(pending, match, logTime, said)) {
            quarantine(pending, match, logTime, said);
        }
        pending.flush();
        return said.step(List.of(), wakeAt(store));
    }

    private Step refuseFault(
            BookStore store, PendingStore pending, FeedRecord record, long logTime, String detail, Saying said) {
        quarantine(pending, record.match(), logTime, said);
        pending.flush();
        Refused refused = Admission.refuse(
                Refusal.FAULT,
                record,
                "its book broke an invariant and is suspended until a new generation: " + detail);
        return said.step(List.of(refused), wakeAt(store));
    }

    /** Applies wake-ups one at a time; the first that throws suspends the book, true. */
    private boolean quarantineBadWakeUp(BookStore store, String match, long logTime, Saying said) {
        long due = wakeAt(store);
        while (due <= logTime) {
            PendingStore pending = new PendingStore(store);
            Saying woken = new Saying();
            try {
                wakeUps(pending, match, due, woken);
            } catch (RuntimeException e) {
                quarantine(store, match, due, said);
                return true;
            }
            pending.flush();
            said.addAll(woken);
            due = wakeAt(store);
        }
        return false;
    }

    private void quarantine(BookStore store, String match, long logTime, Saying said) {
        MatchBook book = MatchBook.of(store.head());
        if (!book.isRunning()) {
            return;
        }
        Draft draft = new Draft(store, match, book, Math.max(logTime, book.settledAt));
        if (isForeign(book)) {
            draft.beginEpoch(rules.generation(), book.created);
        }
        Cause cause = new Cause(Reason.FAULT, draft.now, Cause.OPEN_ENDED, false);
        draft.raise(FAULT, cause);
        draft.touched().forEach((key, market) -> MarketRuling.quarantine(draft, key, market, cause));
        book.wakeAt = Long.MAX_VALUE;
        said.commit(draft, new Times(0, 0, draft.now, 0, 0));
    }

    private boolean isForeign(MatchBook book) {
        return book.end != MatchBook.End.UNBORN && book.created != 0 && book.generation != rules.generation();
    }

    private MatchBook wakeUps(BookStore store, String match, long logTime, Saying said) {
        MatchBook book = adopt(store, match, MatchBook.of(store.head()), said);
        while (book.wakeAt <= logTime) {
            if (!book.isRunning()) {
                boolean awaited = book.isAwaited(match);
                MatchBook left = awaited ? book.remains() : new MatchBook();
                store.clear();
                if (awaited) {
                    store.head(left.toBytes());
                }
                return left;
            }
            Draft draft = new Draft(store, match, book, book.wakeAt);
            book.marketWakes.forEach((key, wake) -> {
                if (wake <= draft.now) {
                    draft.touch(key);
                }
            });
            matchRules.settle(draft);
            said.commit(draft, new Times(0, 0, draft.now, 0, 0));
        }
        return book;
    }

    /** A book of an older generation begins a new epoch under the present rules. */
    private MatchBook adopt(BookStore store, String match, MatchBook book, Saying said) {
        if (!isForeign(book)) {
            return book;
        }
        if (book.generation > rules.generation()) {
            throw new IllegalStateException("match=" + match + " was written by generation " + book.generation
                    + " of the rules, this is " + rules.generation() + ": raise market.generation above it");
        }
        Draft draft = new Draft(store, match, book, book.settledAt);
        draft.beginEpoch(rules.generation(), book.created);
        if (book.isRunning()) {
            book.causes.remove(FAULT);
            draft.touchAll();
            draft.touched().values().forEach(market -> market.causes.remove(FAULT));
            matchRules.settle(draft);
        }
        said.commit(draft, new Times(0, 0, draft.now, 0, 0));
        return book;
    }

    private void begin(Draft draft) {
        MatchBook book = draft.book;
        draft.beginEpoch(rules.generation(), Math.max(draft.now, book.created + 1));
        book.end = MatchBook.End.RUNNING;
        book.endedAt = 0;
        book.movedTo = null;
        book.phase = null;
        book.period = null;
        book.fixtures.clear();
        book.scores.clear();
        book.incidents.clear();
        book.causes.clear();
        book.match = new Cells();
        book.incidentCells = new Cells();
        // But for links and heartbeats: a source that is dead by now must not pass for one that promised nothing.
        book.streams.forEach((source, stream) -> {
            if (!source.endsWith(Stream.HEARTBEAT) && !Stream.isLink(source)) {
                stream.forget();
            }
        });
        // A provider's relisting lifts nothing that an operator has said.
        book.kept.forEach((key, manual) -> draft.touch(key).manual = manual);
        book.kept.clear();
    }

    private List<Refused> hear(Draft draft, FeedRecord record) {
        MatchBook book = draft.book;
        Hearing hearing = new Hearing(rules, ruling, draft, record);
        if (record.body() instanceof Link link) {
            hear(draft, link, hearing);
        } else if (book.isRunning()) {
            if (record.body() instanceof View view) {
                hearing.hear(view);
            } else if (record.body() instanceof ManualDocument document) {
                hearing.hear(document);
                if (document.deleted() && book.fixtures.isEmpty()) {
                    matchRules.end(draft, MatchBook.End.OPERATOR, null);
                }
            }
        } else if (record.body() instanceof ManualDocument document) {
            hearing.keep(document);
        }
        return hearing.refused();
    }

    private void hear(Draft draft, Link link, Hearing hearing) {
        MatchBook book = draft.book;
        boolean away = link.direction() == Link.Direction.TO;
        if (away && link.linked()) {
            if (book.isRunning()) {
                matchRules.end(draft, MatchBook.End.MOVED, link.other());
            } else {
                book.end = MatchBook.End.MOVED;
                book.endedAt = draft.now;
                book.movedTo = link.other();
            }
        } else if (away && book.end == MatchBook.End.MOVED) {
            book.end = MatchBook.End.UNLISTED;
        } else if (!away) {
            hearing.hear(link);
        }
    }
}
