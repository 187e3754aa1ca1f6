package touchline.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import touchline.feed.FeedRecord;
import touchline.feed.Quote;
import touchline.feed.Stamp;
import touchline.feed.View;

/**
 * Makes of a price that is older than what the log already holds of it a mere mention, as if no book noted what its source
 * said last: {@link Flaw#OLD_VIEW_AFTER_RESTORE}.
 */
final class OlderWords {

    /** Match, stream, market and bookmaker to the youngest stamp. */
    private final Map<String, Long> youngest = new HashMap<>();

    FeedRecord forgetIn(FeedRecord record) {
        if (!(record.body() instanceof View view)) {
            return record;
        }
        String of = record.match() + " " + record.source() + " " + record.from() + " ";
        List<Quote> quotes = new ArrayList<>();
        List<Stamp> stamps = new ArrayList<>(view.stamps());
        view.stamps().forEach(stamp -> youngest.merge(of + stamp.market() + stamp.bookmaker(), stamp.at(), Math::max));
        for (Quote quote : view.quotes()) {
            if (youngest.merge(of + quote.market() + quote.bookmaker(), quote.at(), Math::max) > quote.at()) {
                stamps.add(new Stamp(quote.bookmaker(), quote.market(), quote.at()));
            } else {
                quotes.add(quote);
            }
        }
        View told = new View(
                view.full(),
                view.missing(),
                view.fixture(),
                quotes,
                view.gone(),
                stamps,
                view.score(),
                view.incidents());
        return new FeedRecord(
                record.match(),
                record.source(),
                record.from(),
                record.seq(),
                record.at(),
                record.seen(),
                record.nextMs(),
                told.kind(),
                told);
    }
}
