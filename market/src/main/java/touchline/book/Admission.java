package touchline.book;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Fixture;
import touchline.feed.Kind;
import touchline.feed.ManualDocument;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.Score;
import touchline.feed.View;

/**
 * Whether a record has a place in a match's book as it is: of a match that runs nearly all have; only a fixture or an
 * operator's document begins one; and of one that is over only an operator's word is kept.
 */
final class Admission {

    private Admission() {}

    /** Why a whole record cannot be used on this book, or null. */
    static @Nullable Refused unusable(MatchBook book, FeedRecord record) {
        String from = record.from();
        if (from != null && isUnlinked(book, from)) {
            return refuse(Refusal.MATCH_MOVED, record, from + " is no longer linked to it");
        }
        if (book.isRunning() || record.kind() == Kind.LINK || begins(book, record)) {
            return null;
        }
        if (book.end == MatchBook.End.UNLISTED && keeps(book, record)) {
            return null;
        }
        if (book.end == MatchBook.End.MOVED) {
            return refuse(Refusal.MATCH_MOVED, record, "it is kept as " + book.movedTo);
        }
        if (book.end != MatchBook.End.UNBORN) {
            boolean says = record.kind() != Kind.SEEN && !isOver(record);
            return says ? refuse(Refusal.MATCH_ENDED, record, "it ended: " + book.end) : null;
        }
        if (record.kind() == Kind.SEEN) {
            // Nothing is lost with it, and it comes again and again.
            return null;
        }
        if (isOver(record) || book.operator.saysOver()) {
            return refuse(Refusal.MATCH_ENDED, record, "it was over before anything else was said of it");
        }
        if (keeps(book, record) && !record.match().startsWith(record.provider() + ":")) {
            return null;
        }
        if (keeps(book, record) || (record.body() instanceof View view && view.fixture() != null)) {
            return refuse(Refusal.NO_TEAMS, record, "home or away is missing; a match has two teams");
        }
        return refuse(Refusal.UNKNOWN_MATCH, record, "send its fixture first");
    }

    /** Do operators say that it is not linked here (any more)? What nothing was said of may be. */
    private static boolean isUnlinked(MatchBook book, String match) {
        Stream link = book.streams.get(Stream.link(match));
        return link != null && !link.full;
    }

    static Refused refuse(Refusal reason, FeedRecord record, String detail) {
        return new Refused(
                reason,
                record.match(),
                record.source(),
                "match=" + record.match() + ": " + detail,
                new String(FeedJson.write(record), UTF_8));
    }

    /** Says no more than that the match is over. */
    private static boolean isOver(FeedRecord record) {
        if (record.body() instanceof ManualDocument document) {
            return document.deleted() || Operator.of(document).saysOver();
        }
        if (record.body() instanceof View view) {
            Score score = view.score();
            return view.missing() || (score != null && score.completed());
        }
        return false;
    }

    /** Would this record create a book that is not there? */
    static boolean begins(MatchBook book, FeedRecord record) {
        if (isOver(record) || book.end == MatchBook.End.MOVED) {
            return false;
        }
        if (record.body() instanceof View view) {
            Fixture fixture = view.fixture();
            boolean mayList = !book.operator.saysOver()
                    && (book.end == MatchBook.End.UNBORN || book.end == MatchBook.End.UNLISTED);
            return mayList && fixture != null && fixture.home() != null && fixture.away() != null;
        }
        if (record.body() instanceof ManualDocument document) {
            boolean insists = book.end != MatchBook.End.COMPLETED || document.phase() != null;
            return insists && Operator.of(document).ownsMatch();
        }
        return false;
    }

    /** Would this record be remembered of a match that does not run? It holds when the match is listed again. */
    static boolean keeps(MatchBook book, FeedRecord record) {
        boolean mayBegin =
                book.end == MatchBook.End.UNBORN ? !isOver(record) || !book.streams.isEmpty() : !book.isRunning();
        return mayBegin && record.body() instanceof ManualDocument && !begins(book, record);
    }
}
