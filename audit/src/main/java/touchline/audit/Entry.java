package touchline.audit;

import touchline.update.MarketUpdate;

/**
 * An entry of a shard's stream.
 *
 * @param id as Redis gave it
 * @param prev the id of the entry before it, {@code 0-0} for the first
 */
record Entry(String id, String prev, MarketUpdate update) {

    /** The predecessor of the first entry of a stream. */
    static final String BEGINNING = "0-0";
}
