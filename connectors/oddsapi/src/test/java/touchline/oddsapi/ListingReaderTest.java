package touchline.oddsapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import touchline.feed.Fixture;
import touchline.feed.Quote;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.feed.Score;

class ListingReaderTest {

    private static final long NOW = Instant.parse("2026-06-20T20:00:00Z").toEpochMilli();
    private static final long STAMP = Instant.parse("2026-06-20T19:59:30Z").toEpochMilli();
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String MATCH = "oddsapi:" + ID;
    private static final String H2H = """
            {"key":"h2h","last_update":"2026-06-20T19:59:30Z","outcomes":[
              {"name":"Lions","price":1.9},{"name":"Bears","price":4.25},{"name":"Draw","price":3.4}]}""";

    @Test
    void tellsHomeAwayAndDrawByName() throws RefusedException {
        Listing listing = odds(event(book("fanduel", H2H)));

        assertThat(listing.refused()).isEmpty();
        Listing.Match match = only(listing);
        assertThat(match.id()).isEqualTo(MATCH);
        assertThat(match.at()).isEqualTo(STAMP);
        assertThat(match.view().full()).isTrue();
        assertThat(match.view().fixture())
                .isEqualTo(new Fixture(
                        "soccer_epl",
                        "EPL",
                        "Bears",
                        "Lions",
                        Instant.parse("2026-06-20T19:00:00Z").toEpochMilli()));
        assertThat(match.view().quotes())
                .containsExactly(
                        new Quote("fanduel", "h2h", STAMP, null, Map.of("home", 4_250, "away", 1_900, "draw", 3_400)));
    }

    @Test
    void takesTheHomeSidesPointAsTheLineOfSpreadsAndTheOnePointOfTotals() throws RefusedException {
        String spreads = market("spreads", outcome("Lions", "1.95", "1.5"), outcome("Bears", "1.85", "-1.5"));
        String totals = market("totals", outcome("Over", "1.9", "2.5"), outcome("Under", "1.9", "2.5"));

        assertThat(only(odds(event(book("a", spreads, totals)))).view().quotes())
                .containsExactly(
                        new Quote("a", "spreads", STAMP, -1_500, Map.of("home", 1_850, "away", 1_950)),
                        new Quote("a", "totals", STAMP, 2_500, Map.of("over", 1_900, "under", 1_900)));
    }

    @ParameterizedTest(name = "{0} point {1}/{2}: {3}")
    @CsvSource({
        "spreads, 1.5, 1.5, LINE_OUT_OF_BOUNDS",
        "spreads, 1.5, -1.25, LINE_OUT_OF_BOUNDS",
        "spreads, 1.3, -1.3, LINE_OUT_OF_BOUNDS",
        "totals, 2.5, 3.5, LINE_OUT_OF_BOUNDS",
        "totals, 5000, 5000, LINE_OUT_OF_BOUNDS",
        "totals, '\"2.5\"', 2.5, WRONG_TYPE",
        "totals, null, 2.5, MISSING_FIELD",
    })
    void refusesAMarketWhoseTwoSidesAreNotOfOneLine(String market, String home, String away, Refusal reason)
            throws RefusedException {
        boolean totals = market.equals("totals");
        String bad = market(
                market,
                outcome(totals ? "Over" : "Bears", "1.9", home),
                outcome(totals ? "Under" : "Lions", "1.9", away));

        refusesOnly(reason, bad);
    }

    @ParameterizedTest(name = "price {0}: {1}")
    @CsvSource({
        "NaN, PRICE_OUT_OF_BOUNDS",
        "Infinity, PRICE_OUT_OF_BOUNDS",
        "0, PRICE_OUT_OF_BOUNDS",
        "1, PRICE_OUT_OF_BOUNDS",
        "1.0004, PRICE_OUT_OF_BOUNDS",
        "-150, PRICE_OUT_OF_BOUNDS",
        "1e9, PRICE_OUT_OF_BOUNDS",
        "1e999999999, PRICE_OUT_OF_BOUNDS",
        "123456789012345678901234567890123456789012345, PRICE_OUT_OF_BOUNDS",
        "'\"1.9\"', WRONG_TYPE",
        "true, WRONG_TYPE",
        "[1.9], WRONG_TYPE",
        "null, MISSING_FIELD",
    })
    void refusesOnlyTheMarketWithABadPrice(String price, Refusal reason) throws RefusedException {
        refusesOnly(reason, market("h2h", outcome("Bears", price), outcome("Lions", "1.9"), outcome("Draw", "3")));
    }

    @Test
    void readsPricesExactly() throws RefusedException {
        String h2h = market("h2h", outcome("Bears", "1.005"), outcome("Lions", "2"), outcome("Draw", "1.15E+1"));

        assertThat(only(odds(event(book("a", h2h)))).view().quotes().get(0).prices())
                .isEqualTo(Map.of("home", 1_005, "away", 2_000, "draw", 11_500));
    }

    @Test
    void refusesATwoWayH2hInSoccerAsAnotherBet() throws RefusedException {
        refusesOnly(Refusal.INCOMPLETE_OUTCOMES, market("h2h", outcome("Bears", "1.9"), outcome("Lions", "1.9")));
    }

    @Test
    void takesATwoWayH2hElsewhere() throws RefusedException {
        String event = event(book("a", market("h2h", outcome("Bears", "1.9"), outcome("Lions", "1.9"))))
                .replace("soccer_epl", "basketball_nba");

        assertThat(only(odds(event)).view().quotes()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a third team | Tigers | UNKNOWN_OUTCOME",
                "a name in other letters | bears | UNKNOWN_OUTCOME",
                "the same twice | Lions | DUPLICATE_OUTCOME",
            })
    void refusesOutcomesThatAreNotTheMatchs(String what, String name, Refusal reason) throws RefusedException {
        refusesOnly(reason, market("h2h", outcome(name, "1.9"), outcome("Lions", "1.9"), outcome("Draw", "3")));
    }

    @Test
    void refusesTheSecondOfTwoEqualMarketsAndEmptyOutcomes() throws RefusedException {
        Listing listing = odds(event(book("a", H2H, H2H, market("totals"))));

        assertThat(only(listing).view().quotes()).hasSize(1);
        assertThat(listing.refused())
                .extracting(Refused::reason)
                .containsExactly(Refusal.DUPLICATE_OUTCOME, Refusal.INCOMPLETE_OUTCOMES);
    }

    @Test
    void namesAMarketThatNobodyAskedForOnceAMatch() throws RefusedException {
        String lay = H2H.replace("\"h2h\"", "\"h2h_lay\"");

        Listing listing = odds(event(book("betfair_ex_uk", H2H, lay), book("matchbook", H2H, lay)));

        assertThat(only(listing).view().quotes()).hasSize(2);
        assertThat(listing.refused())
                .containsExactly(new Refused(
                        Refusal.UNKNOWN_MARKET, MATCH, "oddsapi/odds", "market=h2h_lay: was not asked for", ""));
    }

    @Test
    void takesEmptyBookmakersAsNobodyQuoting() throws RefusedException {
        Listing listing = odds(event());

        assertThat(only(listing).view().quotes()).isEmpty();
        assertThat(only(listing).view().full()).isTrue();
        assertThat(only(listing).at()).isEqualTo(NOW);
        assertThat(listing.refused()).isEmpty();
    }

    @Test
    void stampsAQuoteByItsMarketElseItsBookmakerElseThePoll() throws RefusedException {
        String bare = H2H.replace("\"last_update\":\"2026-06-20T19:59:30Z\",", "");
        String ofBook = """
            {"key":"b","last_update":"2026-06-20T19:58:00Z","markets":[%s]}""".formatted(bare);

        assertThat(only(odds(event(book("a", H2H), ofBook, book("c", bare))))
                        .view()
                        .quotes())
                .extracting(Quote::at)
                .containsExactly(STAMP, Instant.parse("2026-06-20T19:58:00Z").toEpochMilli(), NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"2026-06-20T20:00:11Z\"', STAMP_IN_FUTURE",
        "'\"yesterday\"', WRONG_TYPE",
        "-5, WRONG_TYPE",
        "99999999999999999, WRONG_TYPE",
        "true, WRONG_TYPE",
    })
    void refusesAMarketWithABadStamp(String stamp, Refusal reason) throws RefusedException {
        refusesOnly(reason, H2H.replace("\"2026-06-20T19:59:30Z\"", stamp));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"2026-06-20T19:00:00Z\"",
                "\"2026-06-20T19:00:00.000Z\"",
                "\"2026-06-20T21:00:00+02:00\"",
                "1781982000"
            })
    void readsAStartHoweverItIsWritten(String start) throws RefusedException {
        String event = event(book("a", H2H)).replace("\"2026-06-20T19:00:00Z\"", start);

        assertThat(only(odds(event)).start())
                .isEqualTo(Instant.parse("2026-06-20T19:00:00Z").toEpochMilli());
    }

    @Test
    void keepsMillisecondsOfAStart() throws RefusedException {
        String event = event(book("a", H2H)).replace("\"2026-06-20T19:00:00Z\"", "\"2026-06-20T19:00:00.250Z\"");

        assertThat(only(odds(event)).start() % 1_000).isEqualTo(250);
    }

    @Test
    void skipsFieldsItDoesNotKnowAndMissesNoOptionalOne() throws RefusedException {
        String event = event(book("a", H2H))
                .replace("\"sport_title\":\"EPL\",", "\"links\":{\"x\":[1,{}]},\"status\":\"live\",")
                .replace("{\"name\":\"Lions\"", "{\"sid\":null,\"bet_limit\":10,\"multiplier\":1,\"name\":\"Lions\"")
                .replace("\"title\":\"a\",", "");

        Listing listing = odds(event);

        assertThat(listing.refused()).isEmpty();
        assertThat(only(listing).view().fixture()).extracting(Fixture::league).isNull();
        assertThat(only(listing).view().quotes()).hasSize(1);
    }

    @ParameterizedTest(name = "{0} becomes {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "\"home_team\":\"Bears\" | \"home_team\":null | NO_TEAMS",
                "\"away_team\":\"Lions\" | \"away_team\":null | NO_TEAMS",
                "\"away_team\":\"Lions\" | \"x\":1 | NO_TEAMS",
                "\"away_team\":\"Lions\" | \"away_team\":\"Bears\" | NO_TEAMS",
                "\"away_team\":\"Lions\" | \"away_team\":\" \" | NO_TEAMS",
                "\"away_team\":\"Lions\" | \"away_team\":7 | WRONG_TYPE",
                "\"commence_time\":\"2026-06-20T19:00:00Z\" | \"commence_time\":null | MISSING_FIELD",
                "\"commence_time\":\"2026-06-20T19:00:00Z\" | \"commence_time\":\"TBD\" | WRONG_TYPE",
                "\"sport_key\":\"soccer_epl\" | \"sport_key\":\"Soccer EPL\" | BAD_ID",
                "\"bookmakers\":[ | \"bookmakers\":{},\"was\":[ | WRONG_TYPE",
                "\"bookmakers\":[ | \"bookmakers\":null,\"was\":[ | MISSING_FIELD",
            })
    void refusesOnlyTheEventThatCannotBeUsedAndStillCountsItAsListed(String part, String becomes, Refusal reason)
            throws RefusedException {
        String good = event(book("a", H2H)).replace(ID, "f".repeat(32));
        String bad = event(book("a", H2H)).replace(part, becomes);

        Listing listing = odds(bad, good);

        assertThat(only(listing).id()).isEqualTo("oddsapi:" + "f".repeat(32));
        assertThat(listing.ids()).hasSize(2).contains(MATCH);
        assertThat(listing.refused()).hasSize(1);
        assertThat(listing.refused().get(0).reason()).isEqualTo(reason);
        assertThat(listing.refused().get(0).match()).isEqualTo(MATCH);
        assertThat(listing.refused().get(0).payload()).contains(ID);
    }

    @ParameterizedTest
    @CsvSource({"null, MISSING_FIELD", "17, WRONG_TYPE", "'\"a b\"', BAD_ID", "'\"\"', BAD_ID"})
    void refusesAnEventWithoutAUsableId(String id, Refusal reason) throws RefusedException {
        Listing listing = odds(event(book("a", H2H)).replace('"' + ID + '"', id));

        assertThat(listing.ids()).isEmpty();
        assertThat(listing.refused()).extracting(Refused::reason).containsExactly(reason);
    }

    @Test
    void refusesAnEventThatStandsThereTwice() throws RefusedException {
        Listing listing = odds(event(book("a", H2H)), event());

        assertThat(only(listing).view().quotes()).hasSize(1);
        assertThat(listing.refused()).extracting(Refused::reason).containsExactly(Refusal.BAD_ID);
    }

    @Test
    void refusesOnlyTheBookmakerThatCannotBeUsed() throws RefusedException {
        Listing listing = odds(event(book("Bad Key", H2H), "17", "{\"key\":\"c\"}", book("d", H2H, "null")));

        assertThat(only(listing).view().quotes()).extracting(Quote::bookmaker).containsExactly("d");
        assertThat(listing.refused())
                .extracting(Refused::reason)
                .containsExactly(Refusal.BAD_ID, Refusal.WRONG_TYPE, Refusal.MISSING_FIELD, Refusal.MISSING_FIELD);
    }

    @Test
    void refusesMoreQuotesThanAnyMatchHas() throws RefusedException {
        String[] books = new String[5_001];
        for (int i = 0; i < books.length; i++) {
            books[i] = book("b" + i, H2H);
        }

        Listing listing = odds(event(books));

        assertThat(listing.matches()).isEmpty();
        assertThat(listing.refused()).extracting(Refused::reason).containsExactly(Refusal.TOO_MANY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<html>busy</html> | NOT_JSON",
                "` ` | NOT_JSON",
                "{\"message\":\"hello\"} | WRONG_TYPE",
                "null | WRONG_TYPE",
                "[{\"id\": | NOT_JSON",
                "[{\"id\":\"x\"} | NOT_JSON",
                "[] [] | NOT_JSON",
                "[] x | NOT_JSON",
            })
    void refusesAnAnswerThatIsNotWholeAsAWhole(String body, Refusal reason) {
        assertThatThrownBy(() -> reader(OddsApiSplit.Group.ODDS).read(body, NOW, NOW))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void refusesHalfAnAnswerWhereverItIsCut() throws RefusedException {
        String body = "[" + event(book("a", H2H)) + "," + event(book("b", H2H)).replace(ID, "e".repeat(32)) + "]";
        assertThat(reader(OddsApiSplit.Group.ODDS).read(body, NOW, NOW).matches())
                .hasSize(2);

        for (int cut = 0; cut < body.length(); cut++) {
            String half = body.substring(0, cut);
            assertThatThrownBy(() -> reader(OddsApiSplit.Group.ODDS).read(half, NOW, NOW))
                    .as("cut at %s", cut)
                    .isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void readsScoresByNameWithTheFixture() throws RefusedException {
        Listing.Match match = only(scores(score(
                true,
                "[{\"name\":\"Lions\",\"score\":\"2\"},{\"name\":\"Bears\",\"score\":\"0\"}]",
                "\"2026-06-20T19:59:30Z\"")));

        assertThat(match.view().score()).isEqualTo(new Score(0, 2, true, STAMP));
        assertThat(match.view().fixture()).extracting(Fixture::home).isEqualTo("Bears");
        assertThat(match.over()).isTrue();
        assertThat(match.at()).isEqualTo(STAMP);
    }

    @Test
    void keepsAMatchWithoutScores() throws RefusedException {
        Listing.Match match = only(scores(score(false, "null", "null")));

        assertThat(match.view().score()).isNull();
        assertThat(match.view().full()).isTrue();
        assertThat(match.at()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"name\":\"Bears\",\"score\":\"1\"}] | MISSING_FIELD",
                "[{\"name\":\"Bears\",\"score\":null},{\"name\":\"Lions\",\"score\":null}] | MISSING_FIELD",
                "[{\"name\":\"Bears\",\"score\":\"6-4 3-2\"},{\"name\":\"Lions\",\"score\":\"4-6\"}] | SCORE_OUT_OF_BOUNDS",
                "[] | MISSING_FIELD",
                "{} | WRONG_TYPE",
                "[{\"name\":\"Bears\",\"score\":\"1\"},{\"name\":\"Tigers\",\"score\":\"1\"}] | UNKNOWN_OUTCOME",
                "[{\"name\":\"Bears\",\"score\":\"1\"},{\"name\":\"Bears\",\"score\":\"1\"}] | UNKNOWN_OUTCOME",
                "[{\"name\":\"Bears\",\"score\":1},{\"name\":\"Lions\",\"score\":\"1\"}] | WRONG_TYPE",
                "[{\"name\":\"Bears\",\"score\":\"123/4\"},{\"name\":\"Lions\",\"score\":\"1\"}] | SCORE_OUT_OF_BOUNDS",
                "[{\"name\":\"Bears\",\"score\":\"-1\"},{\"name\":\"Lions\",\"score\":\"1\"}] | SCORE_OUT_OF_BOUNDS",
                "[{\"name\":\"Bears\",\"score\":\"10000\"},{\"name\":\"Lions\",\"score\":\"1\"}] | SCORE_OUT_OF_BOUNDS",
            })
    void refusesAScoreThatIsNoneAndUsesTheRestOfTheEvent(String scores, Refusal reason) throws RefusedException {
        Listing listing = scores(score(false, scores, "\"2026-06-20T19:59:30Z\""));

        assertThat(listing.refused()).extracting(Refused::reason).containsExactly(reason);
        assertThat(listing.refused()).extracting(Refused::match).containsExactly(MATCH);
        assertThat(only(listing).view().fixture()).extracting(Fixture::home).isEqualTo("Bears");
        assertThat(only(listing).at()).isEqualTo(STAMP);
        assertThat(only(listing).view().score()).isEqualTo(Score.withoutNumbers(false, STAMP));

        Listing over = scores(score(true, scores, "null"));
        assertThat(only(over).over()).isTrue();
        assertThat(only(over).view().score()).isEqualTo(Score.withoutNumbers(true, NOW));
    }

    @Test
    void takesAMatchThatIsCompletedWithoutScoresAsOver() throws RefusedException {
        Listing listing = scores(score(true, "null", "null"));

        assertThat(listing.refused()).isEmpty();
        assertThat(only(listing).over()).isTrue();
        assertThat(only(listing).view().score()).isEqualTo(Score.withoutNumbers(true, NOW));
    }

    @Test
    void readsAScoreWhoseOtherFieldsCannotBeUsed() throws RefusedException {
        String teams = "[{\"name\":\"Lions\",\"score\":\"2\"},{\"name\":\"Bears\",\"score\":\"0\"}]";
        Listing listing =
                scores(score(false, teams, "\"soon\"").replace("\"completed\":false", "\"completed\":\"no\""));

        assertThat(listing.refused())
                .extracting(Refused::reason)
                .containsOnly(Refusal.WRONG_TYPE)
                .hasSize(2);
        assertThat(only(listing).view().score()).isEqualTo(new Score(0, 2, false, NOW));
    }

    /** A bad market beside a good one: the good one stays. */
    private static void refusesOnly(Refusal reason, String bad) throws RefusedException {
        Listing listing = odds(event(book("bad", bad), book("good", H2H)));

        assertThat(only(listing).view().quotes()).extracting(Quote::bookmaker).containsExactly("good");
        assertThat(listing.refused()).hasSize(1);
        Refused refused = listing.refused().get(0);
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.match()).isEqualTo(MATCH);
        assertThat(refused.source()).isEqualTo("oddsapi/odds");
        assertThat(refused.detail()).startsWith("bad ");
        assertThat(refused.payload()).startsWith("{\"key\":");
    }

    private static Listing odds(String... events) throws RefusedException {
        return reader(OddsApiSplit.Group.ODDS).read("[" + String.join(",", events) + "]", NOW, NOW);
    }

    private static Listing scores(String... events) throws RefusedException {
        return reader(OddsApiSplit.Group.SCORES).read("[" + String.join(",", events) + "]", NOW, NOW);
    }

    private static ListingReader reader(OddsApiSplit.Group group) {
        return new ListingReader(group, Configs.of(Map.of()));
    }

    private static Listing.Match only(Listing listing) {
        List<Listing.Match> matches = listing.matches();
        assertThat(matches).hasSize(1);
        return matches.get(0);
    }

    private static String event(String... bookmakers) {
        return head() + ",\"bookmakers\":[" + String.join(",", bookmakers) + "]}";
    }

    private static String score(boolean completed, String scores, String lastUpdate) {
        return head() + ",\"completed\":" + completed + ",\"scores\":" + scores + ",\"last_update\":" + lastUpdate
                + "}";
    }

    private static String head() {
        return "{\"id\":\"" + ID + "\",\"sport_key\":\"soccer_epl\",\"sport_title\":\"EPL\","
                + "\"commence_time\":\"2026-06-20T19:00:00Z\",\"home_team\":\"Bears\",\"away_team\":\"Lions\"";
    }

    private static String book(String key, String... markets) {
        return "{\"key\":\"" + key + "\",\"title\":\"" + key + "\",\"markets\":[" + String.join(",", markets) + "]}";
    }

    private static String market(String key, String... outcomes) {
        return "{\"key\":\"" + key + "\",\"last_update\":\"2026-06-20T19:59:30Z\",\"outcomes\":["
                + String.join(",", outcomes) + "]}";
    }

    private static String outcome(String name, String price) {
        return "{\"name\":\"" + name + "\",\"price\":" + price + "}";
    }

    private static String outcome(String name, String price, String point) {
        return "{\"name\":\"" + name + "\",\"price\":" + price + ",\"point\":" + point + "}";
    }
}
