package touchline.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.book.MarketBook.Held;
import touchline.price.Prices;

/** The quotes of a market that can be priced together: of the outcomes and the line that most bookmakers quote. */
record Majority(@Nullable Integer line, List<Held> quotes) {

    /**
     * @param wanted the line an operator has set, null when the bookmakers' counts
     * @param published the line published before: it wins among equals, and stays when nobody quotes
     */
    static Majority of(List<Held> quotes, @Nullable Integer wanted, @Nullable Integer published) {
        if (quotes.isEmpty()) {
            return new Majority(wanted == null ? published : wanted, List.of());
        }
        List<Held> agreeing = withOutcomes(quotes, outcomes(quotes));
        Integer line = wanted == null ? mainLine(agreeing, published) : wanted;
        return new Majority(line, atLine(agreeing, line));
    }

    /** The outcomes that most bookmakers price; among equals the largest set, then the first by name. */
    private static Prices outcomes(List<Held> quotes) {
        Prices first = quotes.get(0).prices();
        if (withOutcomes(quotes, first).size() == quotes.size()) {
            return first;
        }
        SortedMap<String, List<Prices>> votes = new TreeMap<>();
        for (Held quote : quotes) {
            votes.computeIfAbsent(String.join(",", quote.prices().keySet()), set -> new ArrayList<>())
                    .add(quote.prices());
        }
        List<Prices> best = List.of();
        for (List<Prices> vote : votes.values()) {
            boolean larger = !best.isEmpty() && vote.get(0).size() > best.get(0).size();
            if (vote.size() > best.size() || (vote.size() == best.size() && larger)) {
                best = vote;
            }
        }
        return best.get(0);
    }

    private static List<Held> withOutcomes(List<Held> quotes, Prices of) {
        List<Held> with = new ArrayList<>(quotes.size());
        for (Held quote : quotes) {
            if (quote.prices().agreesWith(of)) {
                with.add(quote);
            }
        }
        return with.size() == quotes.size() ? quotes : with;
    }

    private static List<Held> atLine(List<Held> quotes, @Nullable Integer line) {
        List<Held> at = new ArrayList<>(quotes.size());
        for (Held quote : quotes) {
            if (line == null ? quote.line() == null : line.equals(quote.line())) {
                at.add(quote);
            }
        }
        return at.size() == quotes.size() ? quotes : at;
    }

    /** The line that most bookmakers quote; among equals the one published, then the lowest. */
    private static @Nullable Integer mainLine(List<Held> quotes, @Nullable Integer published) {
        SortedMap<Integer, Integer> votes = new TreeMap<>();
        for (Held quote : quotes) {
            if (quote.line() != null) {
                votes.merge(quote.line(), 1, Integer::sum);
            }
        }
        Integer best = null;
        int most = 0;
        for (Map.Entry<Integer, Integer> vote : votes.entrySet()) {
            boolean wins = vote.getValue() > most
                    || (vote.getValue() == most && vote.getKey().equals(published));
            best = wins ? vote.getKey() : best;
            most = Math.max(most, vote.getValue());
        }
        return best;
    }
}
