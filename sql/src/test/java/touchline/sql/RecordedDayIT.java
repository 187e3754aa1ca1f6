package touchline.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import touchline.sandbox.FlinkServer;
import touchline.sql.ToldRows.Arrival;

/**
 * Every quote of a recorded day, as it came and went, against the same questions asked of the last state in plain Java. The
 * recordings lie beside the project; it is skipped elsewhere.
 */
class RecordedDayIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** By match, market and bookmaker. */
    private final Map<String, Quoted> held = new TreeMap<>();

    private final StringBuilder input = new StringBuilder(
            "quotes\nmatch_id | market | source | bookmaker | line | prices | stamp_time | log_time\n");

    private int rows;

    private record Quoted(String match, String market, String bookmaker, String line, Map<String, BigDecimal> prices) {

        String key() {
            return match + " | " + market + " | oddsapi/odds | " + bookmaker;
        }

        double booksum() {
            return prices.values().stream()
                    .mapToDouble(price -> 1 / price.doubleValue())
                    .sum();
        }
    }

    @Test
    void theDaysBestPricesAndMarginsAreThoseOfItsLastState() throws Exception {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(recording("odds-api-worldcup-2026-06-20.jsonl.gz"))),
                UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                poll(JSON.readTree(line));
            }
        }
        assertThat(rows).isGreaterThan(3_000);
        assertThat(held).hasSizeGreaterThan(50);
        try (FlinkServer flink = FlinkServer.start(0, Configuration.fromMap(Map.of("state.backend.type", "hashmap")))) {
            Desk desk = Desk.open(flink, input.toString(), Arrival.SHUFFLED, 20260620);
            assertThat(texts(desk.ask("SELECT match_id, market, line, outcome, MAX(price) FROM best_prices"
                            + " GROUP BY match_id, market, line, outcomes, outcome")))
                    .isEqualTo(best());
            assertThat(texts(desk.ask(
                            "SELECT match_id, market, bookmaker, CAST(booksum AS DECIMAL(12, 6)) FROM quoted_books")))
                    .isEqualTo(booksums());
        }
    }

    /** All but the columns' names. */
    private static Set<String> texts(List<List<String>> answer) {
        Set<String> texts = new TreeSet<>();
        answer.subList(1, answer.size()).forEach(row -> texts.add(String.join(" ", row)));
        return texts;
    }

    private Set<String> best() {
        Map<String, BigDecimal> best = new HashMap<>();
        held.values()
                .forEach(one -> one.prices()
                        .forEach((outcome, price) -> best.merge(
                                one.prices().size() + " " + one.match() + " " + one.market() + " " + one.line() + " "
                                        + outcome,
                                price,
                                BigDecimal::max)));
        Set<String> texts = new TreeSet<>();
        best.forEach((key, price) -> texts.add(key.substring(2) + " " + price));
        return texts;
    }

    private Set<String> booksums() {
        Set<String> texts = new TreeSet<>();
        held.values()
                .forEach(one -> texts.add(one.match() + " " + one.market() + " " + one.bookmaker() + " "
                        + BigDecimal.valueOf(one.booksum()).setScale(6, RoundingMode.HALF_UP)));
        return texts;
    }

    private void poll(JsonNode poll) {
        String time = poll.path("polled_at").asText().substring(0, 19).replace('T', ' ');
        Map<String, Quoted> now = new TreeMap<>();
        for (JsonNode match : poll.path("body")) {
            for (JsonNode bookmaker : match.path("bookmakers")) {
                for (JsonNode market : bookmaker.path("markets")) {
                    Quoted quoted = quoted(match, bookmaker.path("key").asText(), market);
                    now.put(quoted.key(), quoted);
                }
            }
        }
        for (String gone : new HashSet<>(held.keySet())) {
            if (!now.containsKey(gone)) {
                input.append("- ").append(gone).append(" | | | | ").append(time).append('\n');
                held.remove(gone);
            }
        }
        now.forEach((key, quoted) -> {
            @Nullable Quoted before = held.put(key, quoted);
            if (!quoted.equals(before)) {
                rows++;
                input.append(key + " | " + quoted.line() + " | " + json(quoted.prices()) + " | " + time + " | " + time
                        + '\n');
            }
        });
    }

    private static Quoted quoted(JsonNode match, String bookmaker, JsonNode market) {
        Map<String, BigDecimal> prices = new TreeMap<>();
        String line = "";
        for (JsonNode outcome : market.path("outcomes")) {
            String name = outcome.path("name").asText();
            String of = name.equals(match.path("home_team").asText())
                    ? "home"
                    : name.equals(match.path("away_team").asText()) ? "away" : name.toLowerCase(java.util.Locale.ROOT);
            prices.put(of, decimal(outcome.path("price").asInt()));
            line = outcome.has("point")
                    ? outcome.path("point").decimalValue().setScale(3).toString()
                    : line;
        }
        return new Quoted(
                "oddsapi:" + match.path("id").asText(), market.path("key").asText(), bookmaker, line, prices);
    }

    /** +150 is 2.5, -200 is 1.5. */
    private static BigDecimal decimal(int american) {
        BigDecimal hundred = BigDecimal.valueOf(100);
        BigDecimal size = BigDecimal.valueOf(Math.abs(american));
        BigDecimal profit = american > 0
                ? size.divide(hundred, 3, RoundingMode.HALF_UP)
                : hundred.divide(size, 3, RoundingMode.HALF_UP);
        return profit.add(BigDecimal.ONE);
    }

    private static String json(Map<String, BigDecimal> prices) {
        List<String> fields = new ArrayList<>();
        prices.forEach((outcome, price) -> fields.add('"' + outcome + "\":" + price));
        return "{" + String.join(",", fields) + "}";
    }

    private static Path recording(String name) throws IOException {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            Path file = up.resolve("shared/recordings").resolve(name);
            if (Files.exists(file)) {
                return file;
            }
        }
        Assumptions.abort("no ../shared/recordings beside the project: " + name);
        throw new IOException(name);
    }
}
