package touchline.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.update.MarketUpdate;

/** The matches as a spectator would see them, kept from the updates that were read. Safe across threads. */
final class Scoreboard {

    private static final String PHASE = "match/phase";

    /**
     * A match in play.
     *
     * @param market {@code h2h} as it is published: {@code 1.85 3.4 4.2}, or why it is suspended
     */
    record Line(String match, String home, String away, String score, String market, boolean open) {}

    /** How many matches there are. */
    record Counts(int live, int upcoming, int ended, int marketsOpen, int marketsSuspended) {}

    private final Map<String, NavigableMap<String, String>> matches = new HashMap<>();
    private final Map<String, Long> touched = new HashMap<>();
    private long updates;

    synchronized void take(MarketUpdate update) {
        updates++;
        NavigableMap<String, String> cells = matches.computeIfAbsent(update.match(), match -> new TreeMap<>());
        if (update.kind() != MarketUpdate.Kind.PATCH) {
            cells.clear();
        }
        update.del().forEach(cells::remove);
        update.set().forEach((cell, value) -> {
            if (cell.startsWith("match/") || cell.startsWith("h2h/") || cell.endsWith("/@status")) {
                cells.put(cell, value);
            }
        });
        touched.put(update.match(), updates);
        if (update.kind() == MarketUpdate.Kind.END) {
            cells.put(PHASE, "ended");
        }
    }

    synchronized Counts counts() {
        int live = 0;
        int upcoming = 0;
        int ended = 0;
        int open = 0;
        int suspended = 0;
        for (NavigableMap<String, String> cells : matches.values()) {
            switch (cells.getOrDefault(PHASE, "")) {
                case "live" -> live++;
                case "ended" -> {
                    ended++;
                    continue;
                }
                default -> upcoming++;
            }
            for (Map.Entry<String, String> cell : cells.entrySet()) {
                if (cell.getKey().endsWith("/@status")) {
                    if (cell.getValue().equals("open")) {
                        open++;
                    } else {
                        suspended++;
                    }
                }
            }
        }
        return new Counts(live, upcoming, ended, open, suspended);
    }

    /** Matches in play, the one that changed last first. */
    synchronized List<Line> live(int most) {
        List<String> ids = new ArrayList<>();
        matches.forEach((match, cells) -> {
            if ("live".equals(cells.get(PHASE))) {
                ids.add(match);
            }
        });
        ids.sort(Comparator.comparing((String match) -> touched.getOrDefault(match, 0L))
                .reversed()
                .thenComparing(match -> match));
        List<Line> lines = new ArrayList<>();
        for (String match : ids.subList(0, Math.min(most, ids.size()))) {
            lines.add(line(match, matches.getOrDefault(match, new TreeMap<>())));
        }
        return lines;
    }

    private static Line line(String match, NavigableMap<String, String> cells) {
        String home = cells.get("match/home_score");
        boolean open = "open".equals(cells.get("h2h/@status"));
        return new Line(
                match,
                cells.getOrDefault("match/home", "?"),
                cells.getOrDefault("match/away", "?"),
                home == null ? "-" : home + ":" + cells.getOrDefault("match/away_score", "?"),
                market(cells, open),
                open);
    }

    private static String market(NavigableMap<String, String> cells, boolean open) {
        if (!cells.containsKey("h2h/@status")) {
            return "";
        }
        if (!open) {
            return "suspended: " + cells.getOrDefault("h2h/@reasons", "");
        }
        List<String> prices = new ArrayList<>();
        for (String outcome : List.of("home", "draw", "away")) {
            @Nullable String price = cells.get("h2h/" + outcome);
            if (price != null) {
                prices.add(price);
            }
        }
        return String.join("  ", prices);
    }
}
