package touchline.oddsapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import touchline.oddsapi.Account.Standing;
import touchline.oddsapi.OddsApi.Answer;
import touchline.oddsapi.OddsApi.Credits;
import touchline.oddsapi.OddsApi.Outcome;

class AccountTest {

    private static final long DAY = 86_400_000;
    /** Ten days before the renewal. */
    private static final long NOW = at("2026-06-21T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-06-21T10:00:00Z, 1, 2026-07-01T00:00:00Z",
        "2026-06-01T00:00:00Z, 1, 2026-07-01T00:00:00Z",
        "2026-05-31T23:59:59.999Z, 1, 2026-06-01T00:00:00Z",
        "2026-06-14T10:00:00Z, 15, 2026-06-15T00:00:00Z",
        "2026-06-15T00:00:00Z, 15, 2026-07-15T00:00:00Z",
        "2026-12-28T00:00:01Z, 28, 2027-01-28T00:00:00Z",
        "2028-02-29T12:00:00Z, 1, 2028-03-01T00:00:00Z",
    })
    void knowsWhenCreditsAreRenewed(String now, int day, String reset) {
        assertThat(Account.nextReset(at(now), day)).isEqualTo(at(reset));
    }

    @ParameterizedTest(name = "{0} credits left: {1} ms")
    @CsvSource({
        // One sport at 3 credits every 20 s for ten days wants 129,600.
        "200000, 20000",
        "129600, 20000",
        "64800, 40000",
        "12960, 200000",
        "100, 25920000",
    })
    void stretchesIntervalsSoThatTheCreditsLast(long remaining, long expectedMs) {
        Account account = account(Map.of());
        account.answered(ok(new Credits(remaining, 0, 3)), 3, NOW);

        assertThat(account.intervalMs("odds", 3, 20_000, NOW)).isEqualTo(expectedMs);
    }

    @Test
    void stretchesAllIntervalsByTheSameFactor() {
        Account account = account(Map.of());
        // Together 3 per 20 s and 2 per 30 s: 187,200 in ten days, of which a quarter is left.
        account.answered(ok(new Credits(46_800, 0, 3)), 3, NOW);
        account.intervalMs("odds", 3, 20_000, NOW);

        assertThat(account.intervalMs("scores", 2, 30_000, NOW)).isEqualTo(120_000);
        assertThat(account.intervalMs("odds", 3, 20_000, NOW)).isEqualTo(80_000);
        assertThat(account.stretch()).isEqualTo(4);
    }

    @Test
    void spendsNoMoreThanThereIsUntilTheRenewal() {
        Account account = account(Map.of());
        long remaining = 5_000;
        long now = NOW;
        account.answered(ok(new Credits(remaining, 0, 3)), 3, now);
        long calls = 0;
        while (now < NOW + 10 * DAY - 60_000) {
            assertThat(account.waitMs(now)).isZero();
            remaining -= 3;
            calls++;
            account.answered(ok(new Credits(remaining, 5_000 - remaining, 3)), 3, now);
            now += account.intervalMs("odds", 3, 20_000, now);
            assertThat(remaining).isNotNegative();
        }
        assertThat(calls).isBetween(1_500L, 1_667L);
    }

    @Test
    void wantsNothingForAnEmptySport() {
        Account account = account(Map.of());
        account.answered(ok(new Credits(64_800, 0, 0)), 0, NOW);
        account.intervalMs("odds/empty", 0, 20_000, NOW);

        assertThat(account.intervalMs("odds", 3, 40_000, NOW)).isEqualTo(40_000);
    }

    @Test
    void countsForItselfWhenTheVendorDoesNot() {
        Account account = account(Map.of("monthlyCredits", "1000"));

        account.answered(ok(null), 3, NOW);
        account.answered(ok(null), 0, NOW);
        account.answered(new Answer(Outcome.FAILED, "", null, 0, ""), 3, NOW);

        assertThat(account.remaining()).isEqualTo(997);
    }

    @Test
    void keepsToItsOwnCapBelowThePlansCredits() {
        Account account = account(Map.of("monthlyCredits", "1000"));

        account.answered(ok(new Credits(19_200, 800, 3)), 3, NOW);

        assertThat(account.remaining()).isEqualTo(200);
    }

    @Test
    void stretchesNothingWhenNobodySaysWhatIsLeft() {
        Account account = account(Map.of());
        account.answered(ok(null), 3, NOW);

        assertThat(account.remaining()).isEqualTo(-1);
        assertThat(account.intervalMs("odds", 3, 20_000, NOW)).isEqualTo(20_000);
    }

    @Test
    void stopsPaidCallsWhenCreditsAreSpentAndProbesNowAndThenUntilThereAreSome() {
        Account account = account(Map.of());
        account.answered(new Answer(Outcome.OUT_OF_CREDITS, "", null, 0, ""), 0, NOW);
        assertThat(account.standing()).isEqualTo(Standing.OUT_OF_CREDITS);
        assertThat(account.waitMs(NOW)).isEqualTo(600_000);
        assertThat(account.claimProbe(NOW + 599_999)).isFalse();

        assertThat(account.claimProbe(NOW + 600_000)).isTrue();
        assertThat(account.claimProbe(NOW + 600_000)).as("one probe is enough").isFalse();
        account.answered(ok(new Credits(0, 20_000, 0)), 0, NOW + 600_001);
        assertThat(account.waitMs(NOW + 600_001)).isPositive();

        assertThat(account.claimProbe(NOW + 1_200_001)).isTrue();
        account.answered(ok(new Credits(500, 0, 0)), 0, NOW + 1_200_002);
        assertThat(account.waitMs(NOW + 1_200_002)).isZero();
        assertThat(account.standing()).isEqualTo(Standing.OPEN);
    }

    @Test
    void stopsBeforeACallThatCannotBePaid() {
        Account account = account(Map.of());
        account.answered(ok(new Credits(2, 498, 3)), 3, NOW);

        assertThat(account.waitMs(NOW)).isPositive();
        assertThat(account.standing()).isEqualTo(Standing.OUT_OF_CREDITS);
    }

    @Test
    void triesAPaidCallAfterAProbeThatSaysNothing() {
        Account account = account(Map.of());
        account.answered(new Answer(Outcome.OUT_OF_CREDITS, "", null, 0, ""), 0, NOW);
        assertThat(account.claimProbe(NOW + 600_000)).isTrue();
        account.answered(ok(null), 0, NOW + 600_001);

        assertThat(account.waitMs(NOW + 600_001)).isZero();
    }

    @Test
    void opensAgainAtTheRenewal() {
        Account account = account(Map.of());
        account.answered(ok(new Credits(100, 400, 3)), 3, NOW);
        account.answered(new Answer(Outcome.OUT_OF_CREDITS, "", null, 0, ""), 0, NOW);

        assertThat(account.waitMs(NOW + 10 * DAY)).isZero();
        assertThat(account.remaining()).isEqualTo(500);
        assertThat(account.intervalMs("odds", 3, 86_400_000, NOW + 10 * DAY)).isEqualTo(86_400_000);
    }

    @Test
    void tellsABadKeyApartAndProbesItEverMoreSlowly() {
        Account account = account(Map.of());
        Answer refused = new Answer(Outcome.BAD_KEY, "", null, 0, "status=401");
        account.answered(refused, 0, NOW);
        // Another sport's call was out at the same time.
        account.answered(refused, 0, NOW);

        assertThat(account.standing()).isEqualTo(Standing.BAD_KEY);
        long now = NOW;
        for (int pause : List.of(500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 120_000, 120_000)) {
            assertThat(account.waitMs(now)).isEqualTo(pause);
            assertThat(account.claimProbe(now + pause - 1)).isFalse();
            now += pause;
            assertThat(account.claimProbe(now)).isTrue();
            assertThat(account.claimProbe(now)).isFalse();
            account.answered(refused, 0, now);
        }
        account.answered(ok(new Credits(500, 0, 0)), 0, now);
        assertThat(account.waitMs(now)).isZero();
        // The free probe's word is not enough for a fresh start, a paid answer is.
        account.answered(refused, 0, now);
        assertThat(account.waitMs(now)).isEqualTo(120_000);
        account.answered(ok(new Credits(499, 1, 1)), 1, now);
        account.answered(refused, 0, now);
        assertThat(account.waitMs(now)).isEqualTo(500);
    }

    @Test
    void restsEverySportWhenCallsAreTooManyAtLeastAsLongAsAsked() {
        Account account = account(Map.of());
        account.answered(new Answer(Outcome.BUSY, "", null, 45_000, ""), 0, NOW);

        assertThat(account.standing()).isEqualTo(Standing.BUSY);
        assertThat(account.waitMs(NOW)).isEqualTo(45_000);
        assertThat(account.claimProbe(NOW + 45_000)).isFalse();
        assertThat(account.waitMs(NOW + 45_000)).isZero();
    }

    @Test
    void callsThatWereOutTogetherAreTooManyOnce() {
        Account account = account(Map.of());
        Answer tooMany = new Answer(Outcome.BUSY, "", null, 0, "");
        for (int call = 0; call < 12; call++) {
            account.answered(tooMany, 0, NOW);
        }
        assertThat(account.waitMs(NOW)).isBetween(1L, 500L);

        account.answered(new Answer(Outcome.BUSY, "", null, 45_000, ""), 0, NOW);
        assertThat(account.waitMs(NOW)).isEqualTo(45_000);
        account.answered(tooMany, 0, NOW);
        assertThat(account.waitMs(NOW)).isEqualTo(45_000);
    }

    @Test
    void doesNotBelieveARetryAfterOfDays() {
        Account account = account(Map.of());
        account.answered(new Answer(Outcome.BUSY, "", null, 30 * DAY, ""), 0, NOW);

        assertThat(account.waitMs(NOW)).isEqualTo(3_600_000);
    }

    @Test
    void pausesWithinABoundThatDoublesUpToTheLast() {
        Backoff backoff = new Backoff(500, 30_000, new SplittableRandom(7));
        long[] most = new long[70];
        for (int failures = 0; failures < most.length; failures++) {
            for (int i = 0; i < 2_000; i++) {
                most[failures] = Math.max(most[failures], backoff.pauseMs(failures));
            }
            long bound = failures < 6 ? 500L << failures : 30_000;
            assertThat(most[failures]).isBetween(bound * 9 / 10, bound);
        }
    }

    private static Account account(Map<String, String> settings) {
        return new Account(Configs.of(settings), new SplittableRandom(1), NOW);
    }

    private static Answer ok(@Nullable Credits credits) {
        return new Answer(Outcome.OK, "[]", credits, 0, "");
    }

    private static long at(String time) {
        return Instant.parse(time).toEpochMilli();
    }
}
