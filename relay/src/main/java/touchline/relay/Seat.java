package touchline.relay;

import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/** A match in a view: how it is wanted there, and how far its readers are. */
final class Seat {

    final View view;
    final Match match;
    final Columns columns;
    final int rateMs;
    /** Where everybody is who is in step; null before the first has been sent anything. */
    @Nullable
    MatchState sent;

    long sentAtNanos;

    Seat(View view, Match match, Wanted.Way way, @Nullable MatchState sent, long nowNanos) {
        this.view = view;
        this.match = match;
        this.columns = way.columns();
        this.rateMs = way.rateMs();
        this.sent = sent;
        this.sentAtNanos = nowNanos;
    }

    @Nullable
    Position position() {
        return sent == null ? null : sent.position;
    }

    /** Is there anything new for these columns? Where no patch reaches from what was sent, there may be. */
    boolean isBehind(MatchState now) {
        MatchState sent = this.sent;
        return sent == null || !now.reaches(sent.position) || now.changedSince(sent.position.version(), columns);
    }

    /** Must not wait: a market closed since, or it is a first or another book. */
    boolean isUrgent(MatchState now) {
        MatchState sent = this.sent;
        return sent == null || !now.position.sameEpoch(sent.position) || now.closedAt > sent.position.version();
    }

    long dueNanos() {
        return sentAtNanos + rateMs * 1_000_000L;
    }
}
