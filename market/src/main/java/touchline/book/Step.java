package touchline.book;

import java.util.List;
import touchline.feed.Refused;
import touchline.update.MarketUpdate;

/**
 * What came of one step.
 *
 * @param updates to be said, in this order
 * @param quotations what has changed of the quotes that the book holds, in this order; with the first update of an epoch,
 *     all of them
 * @param refused what of the record could not be used
 * @param wakeAt the log time at which the book wants to be woken next, {@link Long#MAX_VALUE} for never
 */
public record Step(List<MarketUpdate> updates, List<Quotation> quotations, List<Refused> refused, long wakeAt) {}
