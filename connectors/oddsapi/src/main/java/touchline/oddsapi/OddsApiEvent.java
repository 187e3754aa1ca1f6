package touchline.oddsapi;

import touchline.feed.Polled;
import touchline.feed.Refused;

/** What comes out of a poll: a match's full view, or something that could not be used. */
public sealed interface OddsApiEvent {

    /** A match as one poll has it: a full view, or a missing one. Repeats and order are told by its {@code seq}. */
    record Heard(Polled polled) implements OddsApiEvent {}

    /** Refused with a reason; not repeated at each poll while the same part is refused for the same reason. */
    record Unusable(Refused refused) implements OddsApiEvent {}
}
