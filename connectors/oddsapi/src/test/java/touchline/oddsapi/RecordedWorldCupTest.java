package touchline.oddsapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import touchline.feed.Changes;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.HeldView;
import touchline.feed.Polled;
import touchline.feed.Quote;
import touchline.feed.Refusal;
import touchline.feed.RefusedException;
import touchline.feed.Seq;
import touchline.feed.View;

/** Recorded real polls, where they lie beside the project; skipped elsewhere. */
class RecordedWorldCupTest {

    private static final JsonMapper JSON = new JsonMapper();

    /** At the whistle some quote 1.0001, and one had no draw any more. */
    private static final Map<Refusal, Integer> ONE_DAY = Map.of(Refusal.PRICE_OUT_OF_BOUNDS, 2);

    private static final Map<Refusal, Integer> THREE_DAYS =
            Map.of(Refusal.PRICE_OUT_OF_BOUNDS, 9, Refusal.INCOMPLETE_OUTCOMES, 1);

    private final Changes changes = new Changes(10_000, 60_000);
    private final Map<String, HeldView> held = new HashMap<>();
    private final Map<String, SortedMap<String, Quote>> folds = new HashMap<>();
    private final Map<Refusal, Integer> refused = new EnumMap<>(Refusal.class);
    private int polls;
    private int records;
    private int quotes;

    @Test
    void everyPollOfOneDayIsReadAndItsChangesFoldToTheFullView() throws IOException, RefusedException {
        play("odds-api-worldcup-2026-06-20.jsonl.gz");

        assertThat(polls).isEqualTo(96);
        assertThat(refused).isEqualTo(ONE_DAY);
    }

    @Test
    void everyPollOfThreeDaysIsReadAndItsChangesFoldToTheFullView() throws IOException, RefusedException {
        play("odds-api-worldcup-2026-06-21_23.jsonl.gz");

        assertThat(polls).isEqualTo(287);
        assertThat(refused).isEqualTo(THREE_DAYS);
    }

    private void play(String file) throws IOException, RefusedException {
        ListingReader reader = new ListingReader(OddsApiSplit.Group.ODDS, Configs.of(Map.of()));
        SortedSet<String> known = new TreeSet<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(recording(file))), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode poll = JSON.readTree(line);
                long at = OffsetDateTime.parse(poll.get("polled_at").asText())
                        .toInstant()
                        .toEpochMilli();
                decimal(poll.get("body"));
                Listing listing = reader.read(poll.get("body").toString(), at, at);
                listing.refused().forEach(one -> refused.merge(one.reason(), 1, Integer::sum));
                listing.matches().forEach(match -> hear(match.id(), at, match.view()));
                View missing = new View(false, true, null, List.of(), List.of(), List.of(), null, List.of());
                known.removeAll(listing.ids());
                known.forEach(id -> hear(id, at, missing));
                known.clear();
                known.addAll(listing.ids());
                polls++;
            }
        }
        assertThat(records).as("records of %s quotes", quotes).isPositive();
    }

    private void hear(String match, long at, View view) {
        Polled polled = new Polled(match, "oddsapi/odds", new Seq(1, at), at, at, 900_000, view);
        Changes.Step step = changes.hear(held.get(match), polled, match, false);
        held.put(match, HeldView.read(step.held().write()));
        Optional<FeedRecord> record = step.record();
        SortedMap<String, Quote> fold = folds.computeIfAbsent(match, key -> new TreeMap<>());
        if (record.isPresent()) {
            records++;
            fold(fold, record.get());
        }
        SortedMap<String, Quote> expected = new TreeMap<>();
        view.quotes().forEach(quote -> expected.put(quote.bookmaker() + " " + quote.market(), quote));
        quotes += expected.size();
        assertThat(fold).as("%s at %s", match, at).isEqualTo(expected);
    }

    /** As the log has it: through its JSON. */
    private static void fold(SortedMap<String, Quote> fold, FeedRecord record) {
        try {
            View view = (View) FeedJson.read(FeedJson.write(record)).body();
            if (view.full() || view.missing()) {
                fold.clear();
            }
            view.gone()
                    .forEach(gone -> assertThat(fold.remove(gone.bookmaker() + " " + gone.market()))
                            .isNotNull());
            view.quotes().forEach(quote -> fold.put(quote.bookmaker() + " " + quote.market(), quote));
            view.stamps()
                    .forEach(stamp -> fold.computeIfPresent(
                            stamp.bookmaker() + " " + stamp.market(),
                            (key, was) -> new Quote(
                                    stamp.bookmaker(), stamp.market(), stamp.at(), was.line(), was.prices())));
        } catch (RefusedException e) {
            throw new AssertionError("a record that was written must be read: " + record, e);
        }
    }

    /** The recordings are in American odds; decimal ones are asked for. */
    private static void decimal(JsonNode body) {
        for (JsonNode outcome : body.findParents("price")) {
            BigDecimal american = outcome.get("price").decimalValue();
            BigDecimal hundred = BigDecimal.valueOf(100);
            BigDecimal won = american.signum() > 0
                    ? american.divide(hundred, 3, RoundingMode.HALF_UP)
                    : hundred.divide(american.negate(), 3, RoundingMode.HALF_UP);
            ((ObjectNode) outcome).put("price", won.add(BigDecimal.ONE));
        }
    }

    private static Path recording(String file) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path path = at.resolveSibling("shared").resolve("recordings").resolve(file);
            if (Files.exists(path)) {
                return path;
            }
        }
        Assumptions.abort("no recordings beside the project");
        throw new IllegalStateException("unreachable");
    }
}
