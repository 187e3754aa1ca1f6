package touchline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What stands behind the stand-in: the events that the provider would know at the moment of the call.
 *
 * <p>Events have the vendor's shape with two differences, which {@link OddsApiServer} turns into what the caller asks
 * for: times ({@code commence_time}, {@code last_update}) are milliseconds UTC, and prices are decimal and unrounded. A
 * feed may hand out broken values on purpose; they are passed on as they are. The caller owns what it gets.
 */
public interface OddsFeed {

    List<Sport> sports();

    /**
     * The sport's events, in play and to come, with all bookmakers and markets, the additional ones (as {@code btts})
     * included; empty for an unknown sport. What is suspended or over is not there: the vendor has no word for it.
     */
    List<ObjectNode> odds(String sport);

    /** The sport's events with their scores: in play, to come, and completed within the last three days. */
    List<ObjectNode> scores(String sport);

    /** How often it is worth asking: nothing moves faster than this. */
    long pollEveryMs();

    /** A league or tournament, as {@code /v4/sports} lists it. */
    record Sport(String key, String group, String title, String description, boolean active) {}
}
