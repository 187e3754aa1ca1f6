package touchline.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import touchline.book.Chatter.Heard;
import touchline.feed.Decimal;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Incident;
import touchline.feed.ManualDocument;
import touchline.feed.RefusedException;
import touchline.feed.Stamp;
import touchline.feed.View;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.UpdateJson;

/** What must hold whatever is said: each law over many random conversations, named by their seed. */
class MarketLawsTest {

    private static final String MATCH = "oddsapi:m1";
    private static final MarketRules RULES = Tell.rules(Map.of("tombstoneMs", "500000", "endAfterMissingMs", "60000"));

    static LongStream seeds() {
        return LongStream.range(0, Integer.getInteger("touchline.seeds", 60));
    }

    private static List<Heard> talk(long seed) {
        return new Chatter(MATCH, seed).talk(200);
    }

    private static List<String> fold(List<Heard> talk) {
        return fold(RULES, talk);
    }

    private static List<String> fold(MarketRules rules, List<Heard> talk) {
        MarketMachine machine = new MarketMachine(rules);
        MapStore store = new MapStore();
        List<String> said = new ArrayList<>();
        for (Heard heard : talk) {
            say(machine.apply(store, heard.record(), heard.t()), said);
        }
        return said;
    }

    private static void say(Step step, List<String> said) {
        step.updates()
                .forEach(update ->
                        said.add(new String(UpdateJson.write(update), java.nio.charset.StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void sameLogSameBytesThroughJsonAndWithACrashAfterEveryRecord(long seed) throws RefusedException {
        List<Heard> talk = talk(seed);
        List<String> said = new ArrayList<>();
        MapStore store = new MapStore();
        for (Heard heard : talk) {
            MapStore lost = store.copy();
            new MarketMachine(RULES).apply(lost, heard.record(), heard.t());
            FeedRecord read = FeedJson.read(FeedJson.write(heard.record()));
            assertThat(read).isEqualTo(heard.record());
            say(new MarketMachine(RULES).apply(store, read, heard.t()), said);
            store = store.copy();
        }
        assertThat(said).isEqualTo(fold(talk));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void repeatsChangeNothingUntilTheMatchIsForgotten(long seed) {
        List<Heard> talk = talk(seed);
        Random random = new Random(seed);
        List<Heard> repeated = new ArrayList<>();
        for (Heard heard : talk) {
            repeated.add(heard);
            if (random.nextInt(3) == 0) {
                Heard old = repeated.get(random.nextInt(repeated.size()));
                repeated.add(new Heard(heard.t(), old.record()));
            }
        }
        MarketRules remembering = Tell.rules(Map.of("endAfterMissingMs", "60000"));
        assertThat(fold(remembering, repeated)).isEqualTo(fold(remembering, talk));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void wakingAtAnyMomentChangesNothing(long seed) {
        List<Heard> talk = talk(seed);
        Random random = new Random(seed);
        MarketMachine machine = new MarketMachine(RULES);
        MapStore store = new MapStore();
        List<String> said = new ArrayList<>();
        long before = 0;
        for (Heard heard : talk) {
            if (before > 0 && heard.t() > before && random.nextBoolean()) {
                long t = before + (long) (random.nextDouble() * (heard.t() - before));
                say(machine.wake(store, MATCH, t), said);
            }
            say(machine.apply(store, heard.record(), heard.t()), said);
            before = heard.t();
        }
        assertThat(said).isEqualTo(fold(talk));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void positionsRiseByOneAndTheFoldOfUpdatesIsTheImage(long seed) {
        MarketMachine machine = new MarketMachine(RULES);
        MapStore store = new MapStore();
        Map<String, String> cells = new TreeMap<>();
        MarketUpdate last = null;
        for (Heard heard : talk(seed)) {
            for (MarketUpdate update :
                    machine.apply(store, heard.record(), heard.t()).updates()) {
                if (last != null && last.position().sameEpoch(update.position())) {
                    assertThat(update.position().version())
                            .isEqualTo(last.position().version() + 1);
                    assertThat(last.kind()).isNotEqualTo(MarketUpdate.Kind.END);
                } else {
                    assertThat(update.position().version()).isEqualTo(1);
                    assertThat(update.kind()).isEqualTo(MarketUpdate.Kind.IMAGE);
                    assertThat(last == null || update.position().compareTo(last.position()) > 0)
                            .isTrue();
                }
                if (update.kind() != MarketUpdate.Kind.PATCH) {
                    cells.clear();
                }
                update.del().forEach(cells::remove);
                cells.putAll(update.set());
                verify(cells, update);
                assertThat(UpdateJson.read(UpdateJson.write(update))).isEqualTo(update);
                last = update;
            }
            for (MarketUpdate image : machine.image(store, MATCH).updates()) {
                assertThat(image.set()).isEqualTo(cells);
                assertThat(image.position())
                        .isEqualTo(Objects.requireNonNull(last).position());
                verify(cells, image);
            }
        }
    }

    private static void verify(Map<String, String> cells, MarketUpdate update) {
        update.sums().forEach((group, sum) -> {
            Map<String, String> fields = new TreeMap<>();
            cells.forEach((cell, value) -> {
                if (MarketUpdate.group(cell).equals(group)) {
                    fields.put(MarketUpdate.field(cell), value);
                }
            });
            @Nullable String actual = fields.isEmpty() ? null : Checksum.hex(Checksum.of(fields));
            assertThat(sum).as(group + " at " + update.position()).isEqualTo(actual);
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aPriceStampedBeforeTheGoalNeverReopens(long seed) {
        MarketMachine machine = new MarketMachine(RULES);
        MapStore store = new MapStore();
        Map<String, String> cells = new TreeMap<>();
        Map<String, Map<String, Long>> stamps = new TreeMap<>();
        long caused = 0;
        for (Heard heard : talk(seed)) {
            @Nullable String home = cells.get("match/home_score");
            @Nullable String away = cells.get("match/away_score");
            // What time alone brings comes before the record, and before its causes.
            List<MarketUpdate> updates =
                    new ArrayList<>(machine.wake(store, MATCH, heard.t()).updates());
            int woken = updates.size();
            updates.addAll(
                    machine.apply(store.copy(), heard.record(), heard.t()).updates());
            for (int i = 0; i < updates.size(); i++) {
                MarketUpdate update = updates.get(i);
                if (i == woken) {
                    note(stamps, heard.record());
                    caused = Math.max(caused, varOrPenalty(heard.record()));
                    machine.apply(store, heard.record(), heard.t());
                }
                if (update.kind() != MarketUpdate.Kind.PATCH) {
                    cells.clear();
                    caused = update.position().version() == 1 ? 0 : caused;
                }
                update.del().forEach(cells::remove);
                cells.putAll(update.set());
                boolean scored = i >= woken
                        && home != null
                        && update.kind() == MarketUpdate.Kind.PATCH
                        && (!Objects.equals(home, cells.get("match/home_score"))
                                || !Objects.equals(away, cells.get("match/away_score")))
                        && cells.get("match/home_score") != null;
                if (scored && heard.record().body() instanceof View view && view.score() != null) {
                    caused = Math.max(caused, view.score().at());
                }
                home = cells.get("match/home_score");
                away = cells.get("match/away_score");
                for (Map.Entry<String, String> cell : update.set().entrySet()) {
                    if (cell.getKey().endsWith("/@status") && cell.getValue().equals("open")) {
                        String market = MarketUpdate.group(cell.getKey());
                        long after = caused + RULES.skewMs();
                        long young = stamps.getOrDefault(market, Map.of()).values().stream()
                                .filter(at -> at > after)
                                .count();
                        boolean operators = MarketBook.of(store.market(market)).manual != null;
                        assertThat(operators || caused == 0 || young >= RULES.minQuotes())
                                .as("%s opened at %s, cause %s, stamps %s", market, update.position(), caused, stamps)
                                .isTrue();
                    }
                }
            }
            if (updates.size() == woken) {
                note(stamps, heard.record());
                caused = Math.max(caused, varOrPenalty(heard.record()));
                machine.apply(store, heard.record(), heard.t());
            }
        }
    }

    private static long varOrPenalty(FeedRecord record) {
        long caused = 0;
        if (record.body() instanceof View view) {
            for (Incident incident : view.incidents()) {
                boolean suspends = incident.type() == Incident.Type.VAR || incident.type() == Incident.Type.PENALTY;
                if (suspends && incident.state() == Incident.State.OPEN) {
                    caused = Math.max(caused, incident.at());
                }
            }
        }
        return caused;
    }

    private static void note(Map<String, Map<String, Long>> stamps, FeedRecord record) {
        if (record.body() instanceof View view) {
            view.quotes()
                    .forEach(quote -> stamps.computeIfAbsent(quote.market(), m -> new TreeMap<>())
                            .merge(quote.bookmaker(), quote.at(), Math::max));
            for (Stamp stamp : view.stamps()) {
                stamps.computeIfAbsent(stamp.market(), m -> new TreeMap<>())
                        .merge(stamp.bookmaker(), stamp.at(), Math::max);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aBookReadFromItsBytesWritesTheSameBytesAndNothingIsLeftDue(long seed) {
        MarketMachine machine = new MarketMachine(RULES);
        MapStore store = new MapStore();
        for (Heard heard : talk(seed)) {
            Step step = machine.apply(store, heard.record(), heard.t());
            assertThat(step.wakeAt()).isGreaterThan(heard.t()).isEqualTo(MarketMachine.wakeAt(store));
            byte[] head = store.head();
            if (head != null) {
                MatchBook book = MatchBook.of(head);
                assertThat(book.toBytes()).isEqualTo(head);
                for (String key : book.marketWakes.keySet()) {
                    byte[] bytes = Objects.requireNonNull(store.market(key), key);
                    assertThat(MarketBook.of(bytes).toBytes()).isEqualTo(bytes);
                }
                assertThat(store.keys()).isEqualTo(book.isRunning() ? book.marketWakes.keySet() : Set.of());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aMarketIsOpenOnlyAtPricesThatAreAllFromAfterEveryCauseItEverHad(long seed) {
        MarketMachine machine = new MarketMachine(RULES);
        MapStore store = new MapStore();
        Map<String, Long> causedAt = new TreeMap<>();
        for (Heard heard : talk(seed)) {
            machine.apply(store, heard.record(), heard.t());
            MatchBook book = MatchBook.of(store.head());
            causedAt.keySet().retainAll(book.marketWakes.keySet());
            for (String key : book.marketWakes.keySet()) {
                MarketBook market = MarketBook.of(store.market(key));
                for (Cause cause : market.causes.values()) {
                    causedAt.merge(key, cause.stamp(), Math::max);
                }
                if ("open".equals(market.cells.get("@status")) && market.manual == null) {
                    long after = causedAt.getOrDefault(key, 0L);
                    List<MarketBook.Held> young = market.quotes.values().stream()
                            .flatMap(quoted -> quoted.values().stream())
                            .filter(quote -> after == 0 || quote.at() > after + RULES.skewMs())
                            .toList();
                    assertThat(young)
                            .as("%s at %s, caused %s", key, heard.t(), after)
                            .hasSizeGreaterThanOrEqualTo(RULES.minQuotes());
                    for (String outcome : young.get(0).prices().keySet()) {
                        @Nullable String published = market.cells.get(outcome);
                        if (published != null) {
                            int price = Decimal.milli(published);
                            assertThat(young)
                                    .as("%s/%s=%s of %s", key, outcome, published, young)
                                    .anyMatch(quote -> price >= quote.prices().getOrDefault(outcome, 0))
                                    .anyMatch(quote -> price <= quote.prices().getOrDefault(outcome, 0));
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void suspensionEpochsRiseAndCountEverySuspension(long seed) {
        MarketMachine machine = new MarketMachine(RULES);
        MapStore store = new MapStore();
        Map<String, Long> epochs = new TreeMap<>();
        Map<String, String> cells = new TreeMap<>();
        for (Heard heard : talk(seed)) {
            for (MarketUpdate update :
                    machine.apply(store, heard.record(), heard.t()).updates()) {
                Map<String, String> before = new TreeMap<>(cells);
                if (update.kind() != MarketUpdate.Kind.PATCH) {
                    cells.clear();
                }
                update.del().forEach(cells::remove);
                cells.putAll(update.set());
                cells.forEach((cell, value) -> {
                    if (cell.endsWith("/@epoch")) {
                        String market = MarketUpdate.group(cell);
                        long epoch = Long.parseLong(value);
                        long last = epochs.getOrDefault(market, 0L);
                        boolean was = "open".equals(before.get(market + "/@status"));
                        boolean suspended = was && !"open".equals(cells.get(market + "/@status"));
                        boolean moved = before.containsKey(cell)
                                && !Objects.equals(before.get(market + "/@line"), cells.get(market + "/@line"));
                        boolean anew = !before.containsKey(cell) && last > 0;
                        assertThat(epoch).as(cell + " at " + update.position()).isGreaterThanOrEqualTo(last);
                        if (suspended || moved || anew) {
                            assertThat(epoch)
                                    .as(cell + " at " + update.position())
                                    .isGreaterThan(last);
                        }
                        epochs.put(market, epoch);
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noMarketIsOpenThatATraderHasSuspended(long seed) {
        // Until the match is forgotten; ingest says documents again well before.
        MarketMachine machine = new MarketMachine(Tell.rules(Map.of("endAfterMissingMs", "60000")));
        MapStore store = new MapStore();
        Set<String> suspended = Set.of();
        for (Heard heard : talk(seed)) {
            List<MarketUpdate> updates =
                    machine.apply(store, heard.record(), heard.t()).updates();
            if (heard.record().body() instanceof ManualDocument document) {
                suspended = document.deleted() ? Set.of() : Set.copyOf(document.suspend());
            }
            MatchBook book = MatchBook.of(store.head());
            // A document said to a match that is over is refused: nothing of it is open either.
            for (String key : book.marketWakes.keySet()) {
                if (suspended.contains("*") || suspended.contains(key)) {
                    assertThat(MarketBook.of(store.market(key)).cells.get("@status"))
                            .as("%s at %s, after %s", key, heard.t(), updates)
                            .isEqualTo("suspended");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void atTheEndItDoesNotMatterHowTheSourcesWereInterleaved(long seed) {
        List<Heard> talk = talk(seed).stream()
                .filter(heard -> heard.record().source().equals(Tell.ODDS)
                        || heard.record().source().equals(Tell.SCORES))
                .filter(heard -> !(heard.record().body() instanceof View view && view.missing()))
                .filter(heard -> !(heard.record().body() instanceof View view
                        && view.score() != null
                        && view.score().completed()))
                .map(Chatterbox::quiet)
                .toList();
        List<Heard> shuffled = Chatterbox.interleave(talk, new Random(seed));
        assertThat(lastWord(seed, shuffled)).isEqualTo(lastWord(seed, talk));
    }

    /** The cells at the end, but for what tells when something happened. */
    private static Map<String, String> lastWord(long seed, List<Heard> talk) {
        Tell tell = new Tell(MATCH, RULES);
        talk.forEach(heard -> tell.hear(heard.record(), heard.t()));
        // Beyond the skew: what is stamped within it of a cause does not count.
        long end = talk.get(talk.size() - 1).t() + 10_000;
        Chatter last = new Chatter(MATCH, seed);
        // Twice: what the first one causes (a kick-off) needs prices from after it.
        tell.hear(last.lastWord(end), end);
        tell.hear(last.lastWord(end + 10_000), end + 10_000).wake(end + 60_000);
        Map<String, String> cells = new TreeMap<>(tell.cells);
        cells.keySet().removeIf(cell -> cell.contains("/@") && !cell.endsWith("@line"));
        return cells;
    }

    private static final class Chatterbox {

        /** The same, but silence cannot follow from it: it promises nothing. */
        static Heard quiet(Heard heard) {
            FeedRecord r = heard.record();
            return new Heard(
                    heard.t(), new FeedRecord(r.match(), r.source(), r.seq(), r.at(), r.seen(), 0, r.kind(), r.body()));
        }

        /** Another merge of the two sources, each in its own order; log times stay where they are. */
        static List<Heard> interleave(List<Heard> talk, Random random) {
            List<Heard> odds = new ArrayList<>();
            List<Heard> scores = new ArrayList<>();
            talk.forEach(heard -> (heard.record().source().equals(Tell.ODDS) ? odds : scores).add(heard));
            List<Heard> merged = new ArrayList<>(List.of(odds.remove(0)));
            while (!odds.isEmpty() || !scores.isEmpty()) {
                boolean fromOdds = scores.isEmpty() || (!odds.isEmpty() && random.nextBoolean());
                merged.add((fromOdds ? odds : scores).remove(0));
            }
            List<Heard> timed = new ArrayList<>();
            for (int i = 0; i < merged.size(); i++) {
                timed.add(new Heard(talk.get(i).t(), merged.get(i).record()));
            }
            return timed;
        }
    }
}
