package touchline.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangesTest {

    private static final Fixture FIXTURE = new Fixture("soccer_epl", "EPL", "Home", "Away", 1_000_000L);

    private final Changes changes = new Changes(10_000, 60_000);
    private @Nullable HeldView held;

    @Test
    void saysTheWholeViewAtFirst() {
        FeedRecord record = said(poll(1, 100, view(quote("a", 50, 1_900), quote("b", 60, 2_000))));

        assertThat(record.kind()).isEqualTo(Kind.FIXTURE);
        assertThat(record.seq()).isEqualTo(new Seq(1, 100));
        assertThat(body(record)).isEqualTo(view(quote("a", 50, 1_900), quote("b", 60, 2_000)));
    }

    @Test
    void saysOnlyWhatChangedInContentAndLetsStampsRideAlong() {
        said(poll(1, 100, view(quote("a", 50, 1_900), quote("b", 60, 2_000))));

        FeedRecord record = said(poll(1, 101, view(quote("a", 70, 1_950), quote("b", 80, 2_000))));

        assertThat(record.kind()).isEqualTo(Kind.QUOTES);
        assertThat(body(record).full()).isFalse();
        assertThat(body(record).fixture()).isNull();
        assertThat(body(record).quotes()).containsExactly(quote("a", 70, 1_950));
        assertThat(body(record).stamps()).containsExactly(new Stamp("b", "h2h", 80));
    }

    @Test
    void takesAMovedLineAtTheSamePriceAsAChange() {
        said(poll(1, 100, view(line("a", 50, 2_500))));

        assertThat(body(said(poll(1, 101, view(line("a", 60, 3_000))))).quotes())
                .containsExactly(line("a", 60, 3_000));
    }

    @Test
    void reportsAQuoteAsGoneAtItsFirstMissAndOnlyOnce() {
        said(poll(1, 100, view(quote("a", 50, 1_900), quote("b", 60, 2_000))));

        assertThat(body(said(poll(1, 101, view(quote("a", 50, 1_900))))).gone()).containsExactly(new Gone("b", "h2h"));
        assertThat(body(said(poll(1, 102, view(quote("a", 50, 1_900))))).gone()).isEmpty();
    }

    @Test
    void keepsTheHeldQuoteWhenOlderDataComes() {
        said(poll(1, 100, view(quote("a", 50, 1_900))));
        said(poll(1, 70_000, view(quote("a", 60, 1_950))));

        FeedRecord record = said(poll(1, 90_000, view(quote("a", 55, 1_900))));

        assertThat(record.kind()).isEqualTo(Kind.SEEN);
        assertThat(body(record).stamps()).isEmpty();
        assertThat(heldView().quotes()).containsExactly(quote("a", 60, 1_950));
    }

    @Test
    void speaksOfAnUnchangedMatchOnlyNowAndThenAndCarriesEveryStampThatMovedSince() {
        said(poll(1, 100_000, view(quote("a", 50, 1_900), quote("b", 60, 2_000))));
        said(poll(1, 170_000, view(quote("a", 50, 1_900), quote("b", 60, 2_000))));

        assertThat(hear(poll(1, 171_000, view(quote("a", 51, 1_900), quote("b", 60, 2_000)))))
                .isEmpty();
        assertThat(hear(poll(1, 172_000, view(quote("a", 51, 1_900), quote("b", 61, 2_000)))))
                .isEmpty();
        FeedRecord record = said(poll(1, 180_000, view(quote("a", 51, 1_900), quote("b", 61, 2_000))));

        assertThat(record.kind()).isEqualTo(Kind.SEEN);
        assertThat(body(record).stamps()).containsExactly(new Stamp("a", "h2h", 51), new Stamp("b", "h2h", 61));
    }

    @Test
    void speaksAtEveryPollForAMinuteAfterAQuoteWent() {
        said(poll(1, 100_000, view(quote("a", 50, 1_900), quote("b", 60, 2_000))));
        said(poll(1, 200_000, view(quote("a", 50, 1_900))));

        assertThat(hear(poll(1, 201_000, view(quote("a", 50, 1_900))))).isPresent();
        assertThat(hear(poll(1, 259_999, view(quote("a", 50, 1_900))))).isPresent();
        assertThat(hear(poll(1, 260_500, view(quote("a", 50, 1_900))))).isEmpty();
    }

    @Test
    void speaksWhenTheClockSteppedBack() {
        said(poll(1, 100_000, view(quote("a", 50, 1_900))));
        said(poll(1, 200_000, view(quote("a", 50, 1_900))));

        Polled back = new Polled(
                "oddsapi:1", "oddsapi/odds", new Seq(1, 200_001), 0, 150_000, 20_000, view(quote("a", 50, 1_900)));
        assertThat(hear(back)).isPresent();
    }

    @Test
    void promisesToSpeakAgainNoEarlierThanItDoes() {
        assertThat(said(poll(1, 100, view())).nextMs()).isEqualTo(20_000);
        Polled often =
                new Polled("oddsapi:1", "oddsapi/odds", new Seq(1, 101), 0, 101, 1_000, view(quote("a", 1, 1_900)));
        assertThat(said(often).nextMs()).isEqualTo(11_000);
    }

    @Test
    void saysMissingOnceAndTheWholeViewWhenTheMatchIsBack() {
        said(poll(1, 100, view(quote("a", 50, 1_900))));

        FeedRecord gone = said(poll(1, 101, missing()));
        assertThat(body(gone).missing()).isTrue();
        assertThat(gone.kind()).isEqualTo(Kind.QUOTES);
        assertThat(gone.nextMs()).isZero();
        assertThat(hear(poll(1, 102, missing()))).isEmpty();

        FeedRecord back = said(poll(1, 103, view(quote("a", 50, 1_900))));
        assertThat(body(back).full()).isTrue();
        assertThat(body(back).quotes()).containsExactly(quote("a", 50, 1_900));
    }

    @Test
    void saysTheWholeViewWhenTheGenerationRises() {
        said(poll(1, 100, view(quote("a", 50, 1_900))));

        FeedRecord record = said(poll(2, 90, view(quote("a", 50, 1_900))));

        assertThat(record.seq()).isEqualTo(new Seq(2, 90));
        assertThat(body(record)).isEqualTo(view(quote("a", 50, 1_900)));
    }

    @Test
    void saysWithItsFixtureThatAMatchWentMissingWhileTheReaderWasDown() {
        said(poll(1, 100, view(quote("a", 50, 1_900))));

        View view = body(said(poll(2, 90, missing())));

        assertThat(view.full() && view.missing()).isTrue();
        assertThat(view.fixture()).isEqualTo(FIXTURE);
        assertThat(view.quotes()).isEmpty();
    }

    @Test
    void ignoresRepeatedAndOlderPolls() {
        said(poll(2, 100, view(quote("a", 50, 1_900))));

        assertThat(hear(poll(2, 100, view(quote("a", 70, 2_900))))).isEmpty();
        assertThat(hear(poll(1, 900, view(quote("a", 70, 2_900))))).isEmpty();
        assertThat(heldView().quotes()).containsExactly(quote("a", 50, 1_900));
    }

    @Test
    void saysTheHeldViewAtOnceUnderAnotherIdAndGoesOnRising() {
        said(poll(1, 100, view(quote("a", 50, 1_900))));

        Changes.Step step = changes.image(held(), "manual:7", 50);
        held = step.held();
        FeedRecord image = step.record().orElseThrow();

        assertThat(image.match()).isEqualTo("manual:7");
        assertThat(image.seq()).isEqualTo(new Seq(1, 101));
        assertThat(body(image)).isEqualTo(view(quote("a", 50, 1_900)));
        assertThat(said(poll(1, 101, view(quote("a", 60, 1_950)))).seq()).isEqualTo(new Seq(1, 102));
        assertThat(said(poll(1, 500, view(quote("a", 61, 1_960)))).seq()).isEqualTo(new Seq(1, 500));
    }

    @Test
    void placesAnImageAtThePresentTimeAndGoesOnRising() {
        said(poll(1, 100, view(quote("a", 50, 1_900))));

        Changes.Step step = changes.image(held(), "manual:7", 400);
        held = step.held();

        assertThat(step.record().orElseThrow().seq()).isEqualTo(new Seq(1, 400));
        assertThat(said(poll(1, 300, view(quote("a", 60, 1_950)))).seq()).isEqualTo(new Seq(1, 401));
    }

    @Test
    void saysAScoreWhenItChangesAndAnEndOnlyOnce() {
        said(poll(1, 100, scored(new Score(0, 0, false, 10))));

        FeedRecord goal = said(poll(1, 101, scored(new Score(1, 0, false, 20))));
        assertThat(goal.kind()).isEqualTo(Kind.SCORE);
        assertThat(body(goal).score()).isEqualTo(new Score(1, 0, false, 20));
        assertThat(body(said(poll(1, 102, scored(new Score(0, 0, false, 15))))).score())
                .as("older than the one held")
                .isNull();
        assertThat(body(said(poll(1, 103, scored(new Score(1, 0, true, 30))))).score())
                .isEqualTo(new Score(1, 0, true, 30));
        assertThat(hear(poll(1, 500_000, scored(new Score(1, 0, true, 40))))).isEmpty();
        assertThat(hear(poll(2, 500_001, scored(new Score(1, 0, true, 40))))).isEmpty();
        assertThat(body(said(poll(2, 500_002, scored(new Score(2, 0, true, 50)))))
                        .score())
                .as("corrected after the end")
                .isEqualTo(new Score(2, 0, true, 50));
    }

    @Test
    void saysAFixtureThatMovedAndKeepsWhatAPollLeftOut() {
        said(poll(1, 100, view()));
        Fixture moved = new Fixture("soccer_epl", null, "Home", "Away", 1_300_000L);

        View news = body(
                said(poll(1, 101, new View(true, false, moved, List.of(), List.of(), List.of(), null, List.of()))));

        assertThat(news.fixture()).isEqualTo(new Fixture("soccer_epl", "EPL", "Home", "Away", 1_300_000L));
    }

    @Test
    void foldedRecordsEqualTheHeldViewAfterEveryPoll() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Map<String, Quote> fold = new HashMap<>();
            held = null;
            Seq last = new Seq(0, 0);
            long generation = 1;
            for (int n = 1; n <= 60; n++) {
                generation += random.nextInt(15) == 0 ? 1 : 0;
                View view = random.nextInt(8) == 0 ? missing() : randomView(random, n);
                Optional<FeedRecord> record = hear(poll(generation, n * 4_000L, view));
                if (random.nextInt(10) == 0) {
                    Changes.Step image = changes.image(held(), "oddsapi:1", n * 4_000L + random.nextInt(5_000));
                    fold.clear();
                    held = image.held();
                    record = image.record();
                }
                held = HeldView.read(held().write());
                if (record.isPresent()) {
                    assertThat(record.get().seq()).as("seed %s", seed).isGreaterThan(last);
                    last = record.get().seq();
                    fold(fold, body(record.get()));
                }
                Map<String, Quote> expected = new HashMap<>();
                View now = heldView();
                now.quotes().forEach(quote -> expected.put(quote.bookmaker(), quote));
                assertThat(content(fold)).as("seed %s poll %s", seed, n).isEqualTo(content(expected));
                if (now.stamps().isEmpty()) {
                    assertThat(fold).as("stamps, seed %s poll %s", seed, n).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void refusesBytesOfAnotherFormat() {
        assertThatThrownBy(() -> HeldView.read(new byte[] {9, 1, 2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("format 9");
    }

    private static void fold(Map<String, Quote> fold, View view) {
        if (view.full() || view.missing()) {
            fold.clear();
        }
        view.gone().forEach(gone -> assertThat(fold.remove(gone.bookmaker())).isNotNull());
        view.quotes().forEach(quote -> fold.put(quote.bookmaker(), quote));
        view.stamps()
                .forEach(stamp -> fold.computeIfPresent(
                        stamp.bookmaker(), (key, was) -> new Quote(key, "h2h", stamp.at(), was.line(), was.prices())));
    }

    private static Map<String, Object> content(Map<String, Quote> quotes) {
        Map<String, Object> content = new HashMap<>();
        quotes.forEach((key, quote) -> content.put(key, quote.prices()));
        return content;
    }

    private static View randomView(Random random, int n) {
        List<Quote> quotes = new ArrayList<>();
        for (String bookmaker : List.of("a", "b", "c", "d")) {
            if (random.nextInt(4) > 0) {
                quotes.add(quote(bookmaker, 10_000L + 1_000L * n - random.nextInt(3_000), 1_900 + random.nextInt(2)));
            }
        }
        return view(quotes.toArray(new Quote[0]));
    }

    private Optional<FeedRecord> hear(Polled polled) {
        Changes.Step step = changes.hear(held, polled, polled.match(), false);
        held = step.held();
        return step.record();
    }

    private FeedRecord said(Polled polled) {
        return hear(polled).orElseThrow();
    }

    private HeldView held() {
        HeldView is = held;
        if (is == null) {
            throw new AssertionError("nothing is held yet");
        }
        return is;
    }

    private View heldView() {
        return held().last().view();
    }

    private static View body(FeedRecord record) {
        return (View) record.body();
    }

    private static Polled poll(long generation, long n, View view) {
        return new Polled("oddsapi:1", "oddsapi/odds", new Seq(generation, n), n, n, 20_000, view);
    }

    private static View view(Quote... quotes) {
        return new View(true, false, FIXTURE, List.of(quotes), List.of(), List.of(), null, List.of());
    }

    private static View scored(Score score) {
        return new View(true, false, FIXTURE, List.of(), List.of(), List.of(), score, List.of());
    }

    private static View missing() {
        return new View(false, true, null, List.of(), List.of(), List.of(), null, List.of());
    }

    private static Quote quote(String bookmaker, long at, int price) {
        return new Quote(bookmaker, "h2h", at, null, Map.of("home", price, "away", 2_100, "draw", 3_000));
    }

    private static Quote line(String bookmaker, long at, int line) {
        return new Quote(bookmaker, "totals", at, line, Map.of("over", 1_900, "under", 1_900));
    }
}
