package touchline.feed;

import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.price.Prices;

/**
 * All that operators say of a match, whole: what an earlier document said and this one does not is released. It may
 * speak of an operator's own match or of a provider's; where it is silent (null), the provider's value holds.
 *
 * @param phase null: left to the provider and the clock
 * @param period null: unknown
 * @param suspend market keys that a trader suspended, {@code *} for the whole match
 * @param deleted the operators have withdrawn the document: their own match ends, a provider's is released
 */
public record ManualDocument(
        @Nullable Fixture fixture,
        @Nullable Phase phase,
        @Nullable Period period,
        @Nullable Score score,
        @Nullable Clock clock,
        List<Market> markets,
        List<Incident> incidents,
        List<String> suspend,
        boolean deleted)
        implements Body {

    public ManualDocument {
        markets = List.copyOf(markets);
        incidents = List.copyOf(incidents);
        suspend = List.copyOf(suspend);
    }

    /**
     * A market that an operator prices, whole or in part.
     *
     * @param market its key, as in {@link Quote}
     * @param line thousandths, null where the market has none or the provider's holds
     * @param at when an operator last set or confirmed one of these prices, ms UTC; what happened later is not in them
     * @param prices by outcome; outcomes not named are left to the provider
     */
    public record Market(String market, @Nullable Integer line, long at, Prices prices) {}
}
