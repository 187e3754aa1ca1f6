package touchline.oddsapi;

import static org.assertj.core.api.Assertions.assertThat;
import static touchline.oddsapi.FakeOddsApi.ended;
import static touchline.oddsapi.FakeOddsApi.event;
import static touchline.oddsapi.FakeOddsApi.ok;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import touchline.feed.Polled;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.Seq;
import touchline.oddsapi.OddsApi.Answer;
import touchline.oddsapi.OddsApi.Credits;
import touchline.oddsapi.OddsApi.Outcome;
import touchline.oddsapi.OddsApiSplit.Group;

class PollerTest {

    private static final String BEFORE = "2026-06-20T20:00:00Z";
    private static final String SOON = "2026-06-20T21:00:30Z";
    private static final String LATER = "2026-06-20T23:00:00Z";

    private final FakeOddsApi api = new FakeOddsApi();
    private final OddsApiConfig config = Configs.of(Map.of("maxRetries", "2"));
    private long now = Instant.parse("2026-06-20T21:00:00Z").toEpochMilli();
    private final Account account = new Account(config, new SplittableRandom(1), now);

    @Test
    void asksOftenWhenAMatchIsInPlayAndPromisesIt() {
        api.answers("odds/soccer_epl", ok(event("a", BEFORE, "2"), event("b", LATER, "2")));

        Poller.Batch batch = poller(Group.ODDS).poll();

        assertThat(batch.nextInMs()).isEqualTo(20_000);
        assertThat(heard(batch)).extracting(Polled::nextMs).containsExactly(20_000L, 20_000L);
    }

    @Test
    void asksSeldomWhenNoMatchIsInPlay() {
        api.answers("odds/soccer_epl", ok(event("a", LATER, "2")));

        assertThat(poller(Group.ODDS).poll().nextInMs()).isEqualTo(60_000);
    }

    @Test
    void isThereWhenTheNextMatchStarts() {
        api.answers("odds/soccer_epl", ok(event("a", SOON, "2")));
        Poller poller = poller(Group.ODDS);

        Poller.Batch batch = poller.poll();

        assertThat(batch.nextInMs()).isEqualTo(30_000);
        assertThat(heard(batch)).extracting(Polled::nextMs).containsExactly(60_000L);
        now += 30_000;
        assertThat(poller.poll().nextInMs()).isEqualTo(20_000);
    }

    @Test
    void asksForScoresOftenOnlyUntilAllAreCompleted() {
        String open = scored("a", false);
        api.answers("scores/soccer_epl", ok(open), ok(scored("a", true)));
        Poller poller = poller(Group.SCORES);

        assertThat(poller.poll().nextInMs()).isEqualTo(30_000);
        assertThat(poller.poll().nextInMs()).isEqualTo(60_000);
    }

    @Test
    void stretchesThePaceItPromisesWhenCreditsAreShort() {
        // Ten days and three hours at three credits a poll, 14,580 polls: one every 60 s.
        Answer scarce = new Answer(Outcome.OK, "[" + event("a", BEFORE, "2") + "]", new Credits(43_740, 0, 3), 0, "");
        api.answers("odds/soccer_epl", scarce);

        Poller.Batch batch = poller(Group.ODDS).poll();

        assertThat(batch.nextInMs()).isEqualTo(60_000);
        assertThat(heard(batch)).extracting(Polled::nextMs).containsExactly(60_000L);
    }

    @Test
    void promisesNoIntervalThatWouldKeepOldPricesOpen() {
        Answer scarce = new Answer(Outcome.OK, "[" + event("a", BEFORE, "2") + "]", new Credits(10_935, 0, 3), 0, "");
        api.answers("odds/soccer_epl", scarce);

        Poller.Batch batch = poller(Group.ODDS).poll();

        assertThat(batch.nextInMs()).isEqualTo(240_000);
        assertThat(heard(batch)).extracting(Polled::nextMs).containsExactly(100_000L);
    }

    @Test
    void rises() {
        api.answers("odds/soccer_epl", ok(event("a", BEFORE, "2")));
        Poller poller = poller(Group.ODDS);
        long start = now;

        Seq first = heard(poller.poll()).get(0).seq();
        Seq second = heard(poller.poll()).get(0).seq();
        now -= 3_600_000;
        Poller.Batch steppedBack = poller.poll();

        assertThat(first).isEqualTo(new Seq(7, start));
        assertThat(second).isEqualTo(new Seq(7, start + 1));
        assertThat(heard(steppedBack).get(0).seq()).isEqualTo(new Seq(7, start + 2));
        assertThat(steppedBack.after().lastN()).isEqualTo(start + 2);
    }

    @Test
    void reportsAMatchAsMissingOnceAlsoOneThatVanishedWhileNobodyPolled() {
        api.answers("odds/soccer_epl", ok(event("b", BEFORE, "2")));
        Poller poller = poller(
                new OddsApiSplit(Group.ODDS, "soccer_epl", 7, 0, new TreeSet<>(List.of("oddsapi:a", "oddsapi:b"))));

        List<Polled> first = heard(poller.poll());
        List<Polled> second = heard(poller.poll());

        assertThat(first).extracting(Polled::match).containsExactly("oddsapi:b", "oddsapi:a");
        assertThat(first).extracting(polled -> polled.view().missing()).containsExactly(false, true);
        assertThat(second).extracting(Polled::match).containsExactly("oddsapi:b");
    }

    @Test
    void doesNotTakeARefusedMatchOrAScoreNoLongerListedAsMissing() {
        String broken = event("a", BEFORE, "2").replace("\"Lions\",\"bookmakers\"", "null,\"bookmakers\"");
        api.answers("odds/soccer_epl", ok(event("a", BEFORE, "2")), ok(broken));
        api.answers("scores/soccer_epl", ok(scored("a", false)), ok());
        Poller odds = poller(Group.ODDS);
        Poller scores = poller(Group.SCORES);

        assertThat(heard(odds.poll())).hasSize(1);
        assertThat(heard(odds.poll())).isEmpty();
        assertThat(heard(scores.poll())).hasSize(1);
        assertThat(heard(scores.poll())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILED", "BUSY", "BAD_KEY", "OUT_OF_CREDITS", "BAD_REQUEST", "TOO_LARGE"})
    void keepsWhatItKnowsWhenACallFails(Outcome outcome) {
        api.answers("odds/soccer_epl", ok(event("a", BEFORE, "2")), ended(outcome));
        Poller poller = poller(Group.ODDS);
        OddsApiSplit before = poller.poll().after();

        Poller.Batch batch = poller.poll();

        assertThat(batch.outcome()).isEqualTo(Poller.Outcome.FAILED);
        assertThat(heard(batch)).isEmpty();
        assertThat(batch.after().known()).isEqualTo(before.known());
        assertThat(batch.nextInMs()).isPositive();
    }

    @Test
    void retriesSoonAndAfterManyFailuresAtItsOrdinaryPace() {
        api.answers("odds/soccer_epl", ok(event("a", BEFORE, "2")), ended(Outcome.FAILED));
        Poller poller = poller(Group.ODDS);
        poller.poll();

        assertThat(poller.poll().nextInMs()).isBetween(1L, 500L);
        assertThat(poller.poll().nextInMs()).isBetween(1L, 1_000L);
        assertThat(poller.poll().nextInMs()).isBetween(20_000L, 30_000L);
        assertThat(poller.poll().nextInMs()).isBetween(20_000L, 30_000L);
    }

    @Test
    void waitsAsLongAsAFailingVendorAsks() {
        api.answers("odds/soccer_epl", new Answer(Outcome.FAILED, "", null, 7_000, "status=503"));

        assertThat(poller(Group.ODDS).poll().nextInMs()).isEqualTo(7_000);
    }

    @Test
    void leavesAParameterThatIsRefusedToAPerson() {
        api.answers("odds/soccer_epl", ended(Outcome.BAD_REQUEST));

        assertThat(poller(Group.ODDS).poll().nextInMs()).isEqualTo(120_000);
    }

    @Test
    void makesNoPaidCallWithoutCreditsUntilAProbeFindsSome() {
        api.answers("odds/soccer_epl", ended(Outcome.OUT_OF_CREDITS), ok(event("a", BEFORE, "2")));
        api.answers(
                "sports",
                new Answer(Outcome.OK, "[]", new Credits(0, 500, 0), 0, ""),
                new Answer(Outcome.OK, "[]", new Credits(500, 0, 0), 0, ""));
        Poller poller = poller(Group.ODDS);

        poller.poll();
        assertThat(poller.poll().outcome()).isEqualTo(Poller.Outcome.RESTED);
        now += 600_000;
        assertThat(poller.poll().outcome()).isEqualTo(Poller.Outcome.RESTED);
        now += 600_000;
        assertThat(poller.poll().outcome()).isEqualTo(Poller.Outcome.HEARD);

        assertThat(api.calls()).containsExactly("odds/soccer_epl", "sports", "sports", "odds/soccer_epl");
    }

    @Test
    void restsEveryPollerWhenTheKeyIsBad() {
        api.answers("odds/soccer_epl", ended(Outcome.BAD_KEY)).answers("scores/soccer_epl", ok());
        poller(Group.ODDS).poll();

        assertThat(poller(Group.SCORES).poll().outcome()).isEqualTo(Poller.Outcome.RESTED);
        assertThat(api.calls()).containsExactly("odds/soccer_epl");
    }

    @Test
    void refusesAnUnreadableAnswerWithItsPayloadAndTriesAgainSoon() {
        api.answers(
                "odds/soccer_epl",
                new Answer(Outcome.OK, "<html>", null, 0, ""),
                new Answer(Outcome.TOO_LARGE, "[{", null, 0, "answer of 11 bytes"));
        Poller poller = poller(Group.ODDS);

        Poller.Batch garbage = poller.poll();
        Poller.Batch tooLarge = poller.poll();

        assertThat(refused(garbage)).extracting(Refused::reason).containsExactly(Refusal.NOT_JSON);
        assertThat(refused(garbage)).extracting(Refused::payload).containsExactly("<html>");
        assertThat(garbage.nextInMs()).isBetween(1L, 500L);
        assertThat(refused(tooLarge)).extracting(Refused::reason).containsExactly(Refusal.TOO_LARGE);
        assertThat(refused(tooLarge).get(0).detail()).contains("11 bytes");
    }

    @Test
    void saysARefusalOnceHoweverItsValueMovesOrComesAndGoes() {
        api.answers(
                "odds/soccer_epl",
                ok(event("a", BEFORE, "1")),
                ok(event("a", BEFORE, "1").replace("\"key\":\"a\"", "\"title\":\"A\",\"key\":\"a\"")),
                ok(event("a", BEFORE, "0.5")),
                ok(event("a", BEFORE, "2")),
                ok(event("a", BEFORE, "0.5")),
                ok(event("a", BEFORE, "0.5"), event("b", BEFORE, "0.5")),
                ok(event("a", BEFORE, "0.5")));
        Poller poller = poller(Group.ODDS);

        assertThat(refused(poller.poll())).hasSize(1);
        assertThat(refused(poller.poll())).as("the same").isEmpty();
        assertThat(refused(poller.poll())).as("another price").isEmpty();
        assertThat(refused(poller.poll())).as("well again").isEmpty();
        assertThat(refused(poller.poll())).as("and bad again").isEmpty();
        assertThat(refused(poller.poll()))
                .as("another match")
                .extracting(Refused::match)
                .containsExactly("oddsapi:b");
        now += config.refusedAgainMs();
        assertThat(refused(poller.poll())).as("an hour later").hasSize(1);
    }

    @Test
    void doesNotSayARefusalAgainAfterARestart() throws IOException {
        api.answers("odds/soccer_epl", ok(event("a", BEFORE, "1")));
        OddsApiSplit before = poller(Group.ODDS).poll().after();
        OddsApiSplit.Serializer serializer = new OddsApiSplit.Serializer();
        OddsApiSplit restored = serializer.deserialize(serializer.getVersion(), serializer.serialize(before));
        assertThat(restored).isEqualTo(before);

        assertThat(refused(poller(restored.restarted(8)).poll())).isEmpty();
    }

    @Test
    void countsWhatIsRefusedBeyondABound() {
        String[] bad = new String[Refusals.MAX + 500];
        for (int i = 0; i < bad.length; i++) {
            bad[i] = event("bad" + i, BEFORE, "1");
        }
        api.answers("odds/soccer_epl", ok(bad));
        Poller poller = poller(Group.ODDS);

        Poller.Batch batch = poller.poll();
        List<Refused> first = refused(batch);
        assertThat(first).hasSize(Refusals.MAX + 1);
        assertThat(first.get(Refusals.MAX).reason()).isEqualTo(Refusal.TOO_MANY);
        assertThat(first.get(Refusals.MAX).detail()).contains("500 in this poll");
        assertThat(refused(poller.poll())).isEmpty();
        assertThat(batch.after().refusedAt()).hasSize(Refusals.MAX + 1);
    }

    private Poller poller(Group group) {
        return poller(new OddsApiSplit(group, "soccer_epl", 7, 0, new TreeSet<>()));
    }

    private Poller poller(OddsApiSplit split) {
        return new Poller(split, api, config, account, () -> now, new SplittableRandom(3));
    }

    private static String scored(String id, boolean completed) {
        return """
            {"id":"%s","sport_key":"soccer_epl","commence_time":"%s","home_team":"Bears","away_team":"Lions",
             "completed":%s,"scores":null,"last_update":null}""".formatted(id, BEFORE, completed);
    }

    private static List<Polled> heard(Poller.Batch batch) {
        return batch.events().stream()
                .filter(OddsApiEvent.Heard.class::isInstance)
                .map(event -> ((OddsApiEvent.Heard) event).polled())
                .toList();
    }

    private static List<Refused> refused(Poller.Batch batch) {
        return batch.events().stream()
                .filter(OddsApiEvent.Unusable.class::isInstance)
                .map(event -> ((OddsApiEvent.Unusable) event).refused())
                .toList();
    }
}
