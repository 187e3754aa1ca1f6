package touchline.simulator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import touchline.feed.FeedRecord;
import touchline.feed.ManualDocument;
import touchline.feed.Quote;
import touchline.feed.Score;
import touchline.feed.Seq;
import touchline.feed.Stamp;
import touchline.feed.View;
import touchline.simulator.Truth.Said;
import touchline.update.MarketUpdate;

/**
 * P4 by other means than the rules': what was heard of each match is noted in the simplest way, and no market may open that
 * a trader has suspended, or on prices from before a goal, or of matches that are no longer linked; and each suspension is
 * to be seen in the market's epoch.
 */
final class Doubt {

    private static final int MIN_QUOTES = Chain.rules(1).minQuotes();
    private static final long SKEW_MS = Chain.rules(1).skewMs();

    /** What was heard of one match. */
    private static final class Heard {
        /** Source, market and bookmaker to the stamp of the last price. */
        private final Map<String, Long> stamps = new HashMap<>();

        private final Map<String, Seq> seqs = new HashMap<>();
        private final Map<String, Long> epochs = new HashMap<>();
        private Set<String> suspended = Set.of();
        private final Set<String> operators = new HashSet<>();
        private @Nullable Score told;
        private long goalAt;
    }

    private final Chain chain;
    /** What came before is not known. */
    private final boolean fromMidst;

    private final Map<String, Heard> matches = new HashMap<>();

    Doubt(Chain chain, boolean fromMidst) {
        this.chain = chain;
        this.fromMidst = fromMidst;
    }

    void hears(FeedRecord record, long logTime) {
        Heard heard = matches.computeIfAbsent(record.match(), m -> new Heard());
        String source = record.source() + " " + (record.from() == null ? "" : record.from());
        heard.told = null;
        if (record.body() instanceof View view) {
            // Also of a repeat: what was refused may be heard when it comes again.
            note(heard, source, view, logTime);
        }
        Seq last = heard.seqs.get(source);
        if (last != null && record.seq().compareTo(last) <= 0) {
            return;
        }
        heard.seqs.put(source, record.seq());
        if (record.body() instanceof ManualDocument document) {
            heard.suspended = document.deleted() ? Set.of() : Set.copyOf(document.suspend());
            heard.operators.clear();
            if (!document.deleted()) {
                document.markets().forEach(market -> heard.operators.add(market.market()));
            }
        } else if (record.body() instanceof View view) {
            heard.told = view.score();
        }
    }

    private static void note(Heard heard, String source, View view, long logTime) {
        for (Quote quote : view.quotes()) {
            String key = source + "|" + quote.market() + "|" + quote.bookmaker();
            heard.stamps.merge(key, Math.min(quote.at(), logTime), Math::max);
        }
        for (Stamp stamp : view.stamps()) {
            String key = source + "|" + stamp.market() + "|" + stamp.bookmaker();
            heard.stamps.merge(key, Math.min(stamp.at(), logTime), Math::max);
        }
    }

    void says(String match, @Nullable Said before, @Nullable Said now, long logTime) {
        if (now == null) {
            return;
        }
        Heard heard = matches.computeIfAbsent(match, m -> new Heard());
        Score told = heard.told;
        if (before == null || !before.position().sameEpoch(now.position())) {
            heard.goalAt = 0;
        } else if (scored(before, now) && told != null && told.hasNumbers()) {
            heard.goalAt = Math.max(heard.goalAt, Math.min(told.at(), logTime));
        }
        for (String market : now.cells().sums().keySet()) {
            if (market.equals("match") || market.equals("incidents")) {
                continue;
            }
            boolean open = now.cells().isOpen(market);
            if (open && !fromMidst) {
                trader(match, heard, market, now);
                if (before == null || !before.cells().isOpen(market)) {
                    young(match, heard, market, now);
                }
            }
            epoch(match, heard, market, before, now);
        }
    }

    private static boolean scored(Said before, Said now) {
        return changed(before, now, "match/home_score") || changed(before, now, "match/away_score");
    }

    private static boolean changed(Said before, Said now, String cell) {
        String was = before.cells().get(cell);
        return was != null && !was.equals(now.cells().get(cell));
    }

    private static void trader(String match, Heard heard, String market, Said now) {
        if (heard.suspended.contains("*") || heard.suspended.contains(market)) {
            throw new Broken(
                    Promise.P4_DOUBT,
                    match,
                    market + " is open and a trader has suspended it: " + Trace.show(now.update()));
        }
    }

    private void young(String match, Heard heard, String market, Said now) {
        if (heard.operators.contains(market)) {
            return;
        }
        long after = heard.goalAt == 0 ? 0 : heard.goalAt + SKEW_MS;
        String part = "|" + market + "|";
        int young = 0;
        for (Map.Entry<String, Long> stamp : heard.stamps.entrySet()) {
            if (stamp.getKey().contains(part) && stamp.getValue() > after) {
                young++;
            }
        }
        if (young < MIN_QUOTES) {
            throw new Broken(
                    Promise.P4_DOUBT,
                    match,
                    market + " opens and only " + young + " prices are from after the goal at "
                            + chain.trace.at(heard.goalAt) + ": " + Trace.show(now.update()));
        }
    }

    /** Was it open all the time between two looks? So it must be when the epoch is the same in both. */
    private static void epoch(String match, Heard heard, String market, @Nullable Said before, Said now) {
        String epoch = now.cells().get(market + "/@epoch");
        if (epoch == null) {
            return;
        }
        long is = Long.parseLong(epoch);
        Long was = heard.epochs.put(market, is);
        if (was == null || now.update().kind() == MarketUpdate.Kind.END) {
            return;
        }
        boolean closed =
                before != null && before.cells().isOpen(market) && !now.cells().isOpen(market);
        if (is < was || (closed && is <= was)) {
            throw new Broken(
                    Promise.P4_DOUBT,
                    match,
                    market + " was closed and its epoch went from " + was + " to " + is + ": "
                            + Trace.show(now.update()));
        }
    }
}
