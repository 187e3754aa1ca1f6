package touchline.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static touchline.feed.Refusal.BAD_ID;
import static touchline.feed.Refusal.DUPLICATE_OUTCOME;
import static touchline.feed.Refusal.LINE_OUT_OF_BOUNDS;
import static touchline.feed.Refusal.MISSING_FIELD;
import static touchline.feed.Refusal.NOT_JSON;
import static touchline.feed.Refusal.PRICE_OUT_OF_BOUNDS;
import static touchline.feed.Refusal.SCORE_OUT_OF_BOUNDS;
import static touchline.feed.Refusal.TOO_LARGE;
import static touchline.feed.Refusal.TOO_MANY;
import static touchline.feed.Refusal.UNKNOWN_KIND;
import static touchline.feed.Refusal.UNKNOWN_OUTCOME;
import static touchline.feed.Refusal.WRONG_TYPE;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputTest {

    private static final String HEAD =
            "{\"match\":\"oddsapi:1\",\"source\":\"oddsapi/odds\",\"seq\":[1,2],\"at\":3,\"seen\":4,\"nextMs\":5,";
    private static final String QUOTES = HEAD + "\"kind\":\"fixture\",\"body\":{\"full\":true,\"missing\":false,"
            + "\"fixture\":{\"sport\":\"soccer_epl\",\"league\":\"EPL\",\"home\":\"A\",\"away\":\"B\",\"start\":6},"
            + "\"quotes\":[{\"bookmaker\":\"a\",\"market\":\"totals\",\"at\":7,\"line\":2.5,\"prices\":{\"over\":1.85,\"under\":2}}],"
            + "\"gone\":[{\"bookmaker\":\"a\",\"market\":\"h2h\"}],\"stamps\":{\"h2h\":{\"b\":8}},"
            + "\"score\":{\"home\":1,\"away\":0,\"completed\":false,\"at\":9},"
            + "\"incidents\":[{\"id\":\"i1\",\"type\":\"goal\",\"side\":\"home\",\"state\":\"open\",\"at\":10}]}}";
    private static final String MANUAL = HEAD
            + "\"kind\":\"manual\",\"body\":{\"fixture\":{\"home\":\"A\"},\"phase\":\"live\",\"period\":\"first_half\","
            + "\"score\":{\"home\":1,\"away\":0},\"clock\":{\"at\":1,\"seconds\":2,\"running\":true},"
            + "\"markets\":[{\"market\":\"h2h\",\"at\":1,\"prices\":{\"home\":2}}],\"suspend\":[\"*\"],\"deleted\":false}}";
    private static final String LINK = HEAD + "\"kind\":\"link\",\"body\":{\"to\":\"manual:2\",\"linked\":true}}";

    /** In a whole record this text is replaced by that one; it is refused for this reason, and the detail says this. */
    record Bad(String whole, String text, String by, Refusal reason, String detail) {
        byte[] bytes() {
            assertThat(whole).contains(text);
            return whole.replace(text, by).getBytes(UTF_8);
        }
    }

    private static Bad quotes(String text, String by, Refusal reason, String detail) {
        return new Bad(QUOTES, text, by, reason, detail);
    }

    private static Bad manual(String text, String by, Refusal reason, String detail) {
        return new Bad(MANUAL, text, by, reason, detail);
    }

    private static Bad price(String price, String detail) {
        return quotes("1.85", price, PRICE_OUT_OF_BOUNDS, detail);
    }

    private static Bad type(String field, String value, String by, String detail) {
        String whole = QUOTES.contains(field + value) ? QUOTES : MANUAL.contains(field + value) ? MANUAL : LINK;
        return new Bad(whole, field + value, field + by, WRONG_TYPE, detail);
    }

    static List<Bad> numbers() {
        return List.of(
                price("0", "over=0: a price lies within 1.001..10000 (in /body/quotes/0/prices/over)"),
                price("1", "over=1: a price lies within"),
                price("1.0004", "over=1.0004: a price lies within"),
                price("-1", "over=-1: a price lies within"),
                price("1e9", "over=1e9: a decimal number is needed"),
                price("1000000000", "over=1000000000: a decimal number is needed"),
                price("1e400", "over=1e400: a decimal number is needed"),
                price("1e2147483647", "over=1e2147483647: a decimal number is needed"),
                price("1" + "0".repeat(900), "over=1000000"),
                price("1." + "9".repeat(900), "over=1.999999"),
                quotes("1.85", "1" + "0".repeat(2_000), NOT_JSON, "length"),
                quotes("1.85", "NaN", NOT_JSON, "'NaN'"),
                quotes("1.85", "Infinity", NOT_JSON, "'Infinity'"),
                quotes("1.85", "01.85", NOT_JSON, "eading zeroes"),
                quotes("1.85", ".85", NOT_JSON, "('.' (code 46))"),
                quotes("1.85", "1.", NOT_JSON, "point"),
                quotes(
                        "1.85",
                        "\"1.9\"",
                        WRONG_TYPE,
                        "over=\"1.9\": a number is needed (in /body/quotes/0/prices/over)"),
                quotes("1.85", "null", WRONG_TYPE, "over=null: a number is needed"),
                quotes("1.85", "{}", WRONG_TYPE, "over={...}: a number is needed"),
                quotes("1.85", "[1.85]", WRONG_TYPE, "over=[...]: a number is needed"),
                quotes("2.5", "2.6", LINE_OUT_OF_BOUNDS, "line=2.6: a line is a multiple of 0.25"),
                quotes("2.5", "1000.25", LINE_OUT_OF_BOUNDS, "line=1000.25: "),
                quotes("2.5", "-1e30", LINE_OUT_OF_BOUNDS, "line=-1e30: a decimal number is needed"),
                quotes("\"home\":1", "\"home\":-1", SCORE_OUT_OF_BOUNDS, "score.home=-1: a score lies within 0..9999"),
                quotes("\"away\":0", "\"away\":10000", SCORE_OUT_OF_BOUNDS, "score.away=10000: "),
                quotes("\"at\":3", "\"at\":-1", WRONG_TYPE, "at=-1: a whole number from 0 to below 2^53 is needed"),
                quotes("\"at\":3", "\"at\":-2", WRONG_TYPE, "at=-2: "),
                quotes("\"at\":3", "\"at\":9007199254740992", WRONG_TYPE, "at=9007199254740992: "),
                quotes(
                        "\"at\":3",
                        "\"at\":9223372036854775808",
                        WRONG_TYPE,
                        "at=9223372036854775808: must be below 2^53"),
                quotes("\"at\":3", "\"at\":3.0", WRONG_TYPE, "at=3.0: a whole number is needed"),
                quotes("\"at\":3", "\"at\":3e2", WRONG_TYPE, "at=3e2: a whole number is needed"),
                quotes("[1,2]", "[1,-2]", WRONG_TYPE, "seq[1]=-2: "),
                quotes("[1,2]", "[1]", WRONG_TYPE, "seq[1]=nothing: a whole number is needed"),
                quotes("[1,2]", "[1,2,3]", WRONG_TYPE, "seq[2]=3: two numbers are needed"));
    }

    static List<Bad> types() {
        return List.of(
                type("\"match\":", "\"oddsapi:1\"", "1", "match=1: a string is needed (in /match)"),
                type("\"source\":", "\"oddsapi/odds\"", "null", "source=null: a string is needed"),
                type("\"seq\":", "[1,2]", "2", "seq=2: two numbers are needed"),
                type("\"at\":", "3", "\"3\"", "at=\"3\": a whole number is needed"),
                type("\"seen\":", "4", "true", "seen=true: a whole number is needed"),
                type("\"nextMs\":", "5", "{}", "nextMs={...}: a whole number is needed"),
                type("\"kind\":", "\"fixture\"", "[]", "kind=[...]: a string is needed"),
                type("\"full\":", "true", "1", "full=1: true or false is needed"),
                type("\"missing\":", "false", "\"no\"", "missing=\"no\": true or false is needed"),
                type("\"quotes\":", "[", "7,\"x\":[", "quotes=7: an array is needed"),
                type("\"quotes\":[", "{", "7,{", "quotes=7: an object is needed (in /body/quotes/0)"),
                type("\"prices\":", "{", "[],\"x\":{", "prices=[...]: an object is needed"),
                type("\"sport\":", "\"soccer_epl\"", "1", "sport=1: a string is needed"),
                type("\"home\":", "\"A\"", "{}", "home={...}: a string is needed"),
                type("\"start\":", "6", "\"2026-06-11T19:00:00Z\"", "start=\"2026-06-11T19:00:00Z\": a whole number"),
                type("\"line\":", "2.5", "\"2.5\"", "line=\"2.5\": a number is needed"),
                type("\"gone\":", "[", "null,\"x\":[", "gone=null: an array is needed"),
                type("\"stamps\":", "{", "[],\"x\":{", "stamps=[...]: an object is needed"),
                type("\"h2h\":", "{\"b\":8}", "8", "h2h=8: an object is needed (in /body/stamps/h2h)"),
                type("\"b\":", "8", "\"8\"", "b=\"8\": a whole number is needed (in /body/stamps/h2h/b)"),
                type("\"completed\":", "false", "0", "completed=0: true or false is needed"),
                type("\"home\":", "1,", "1.5,", "score.home=1.5: a whole number is needed"),
                type(
                        "\"type\":",
                        "\"goal\"",
                        "\"own_goal\"",
                        "incidents.type=own_goal: use one of [goal, possible_goal"),
                type("\"side\":", "\"home\"", "\"left\"", "incidents.side=left: use one of [home, away]"),
                type("\"state\":", "\"open\"", "\"maybe\"", "incidents.state=maybe: use one of [open, confirmed"),
                type("\"phase\":", "\"live\"", "\"LIVE\"", "phase=LIVE: use one of [upcoming, live, ended]"),
                type("\"period\":", "\"first_half\"", "\"1st\"", "period=1st: use one of [first_half"),
                type("\"clock\":", "{", "5,\"x\":{", "clock=5: an object is needed"),
                type("\"suspend\":", "[\"*\"]", "[null]", "suspend=null: a string is needed"),
                type("\"deleted\":", "false", "\"\"", "deleted=\"\": true or false is needed"),
                type("\"linked\":", "true", "1", "linked=1: true or false is needed"),
                new Bad(LINK, "\"linked\":true", "\"from\":\"a:1\"", WRONG_TYPE, "from: a link has either to or from"),
                new Bad(QUOTES, QUOTES, "[]", WRONG_TYPE, "record=[...]: an object is needed"),
                new Bad(QUOTES, QUOTES, "null", WRONG_TYPE, "record=null: an object is needed"));
    }

    static List<Bad> texts() {
        return List.of(
                quotes("\"A\"", "\"\"", WRONG_TYPE, "home=: a text of 1..200 characters is needed"),
                quotes("\"A\"", "\"  \"", WRONG_TYPE, "home=  : a text"),
                quotes("\"A\"", "\"" + "x".repeat(201) + "\"", WRONG_TYPE, "home=xxx"),
                quotes("\"A\"", "\"\\ud800\"", WRONG_TYPE, "without control characters and halves of surrogate pairs"),
                quotes("\"A\"", "\"\\udc00\\ud800\"", WRONG_TYPE, "halves of surrogate pairs"),
                quotes("\"A\"", "\"a\\u001b[31m\"", WRONG_TYPE, "control characters"),
                quotes("\"A\"", "\"a\\u0000\"", WRONG_TYPE, "control characters"),
                quotes("oddsapi:1", "oddsapi", BAD_ID, "match=oddsapi: use <source>:<id>"),
                quotes("oddsapi:1", ":1", BAD_ID, "match=:1: use"),
                quotes("oddsapi:1", "oddsapi:", BAD_ID, "match=oddsapi:: use"),
                quotes("oddsapi:1", "a:b:c", BAD_ID, "match=a:b:c: use"),
                quotes("oddsapi:1", "a:b{c}", BAD_ID, "match=a:b{c}: use"),
                quotes("oddsapi:1", "a:é", BAD_ID, "match=a:é: use"),
                quotes("oddsapi:1", "a:" + "1".repeat(81), BAD_ID, "match=a:1111"),
                quotes("oddsapi:1", "a".repeat(41) + ":1", BAD_ID, "match=aaaa"),
                quotes("oddsapi/odds", "oddsapi", BAD_ID, "source=oddsapi: use <provider>/<stream>"),
                quotes("oddsapi/odds", "Odds/odds", BAD_ID, "source=Odds/odds: use"),
                quotes("oddsapi/odds", "a/b/c", BAD_ID, "source=a/b/c: use"),
                quotes("\"market\":\"totals\"", "\"market\":\"to tals\"", BAD_ID, "market=to tals: use a key as h2h"),
                quotes("\"market\":\"totals\"", "\"market\":\"totals:\"", BAD_ID, "market=totals:: use"),
                quotes("\"market\":\"totals\"", "\"market\":\"totals:2.555\"", BAD_ID, "market=totals:2.555: use"),
                quotes("\"bookmaker\":\"a\"", "\"bookmaker\":\"A\"", BAD_ID, "bookmaker=A: use 1..60 lower case"),
                quotes("\"b\":8", "\"B\":8", BAD_ID, "bookmaker=B: use 1..60 lower case"),
                quotes("{\"h2h\":", "{\"H2H\":", BAD_ID, "market=H2H: use a key as h2h"),
                quotes("\"id\":\"i1\"", "\"id\":\"\"", BAD_ID, "incidents.id=: use"),
                quotes(
                        "\"over\"",
                        "\"home\"",
                        UNKNOWN_OUTCOME,
                        "outcome=home of market=totals: use one of [over, under]"),
                manual("[\"*\"]", "[\"**\"]", BAD_ID, "market=**: use"),
                quotes(
                        "\"fixture\",\"body\"",
                        "\"delta\",\"body\"",
                        UNKNOWN_KIND,
                        "kind=delta: use one of [fixture, quotes"));
    }

    static List<Bad> shapes() {
        return List.of(
                quotes("\"match\":\"oddsapi:1\",", "", MISSING_FIELD, "match: is required"),
                quotes("\"source\":\"oddsapi/odds\",", "", MISSING_FIELD, "source: is required"),
                quotes("\"seq\":[1,2],", "", MISSING_FIELD, "seq: is required"),
                quotes("\"at\":3,", "", MISSING_FIELD, "at: is required"),
                quotes("\"seen\":4,", "", MISSING_FIELD, "seen: is required"),
                quotes("\"kind\":\"fixture\",", "", MISSING_FIELD, "kind: must stand before body"),
                quotes("\"body\"", "\"bodies\"", MISSING_FIELD, "body: is required"),
                quotes(
                        "\"bookmaker\":\"a\",\"market\":\"totals\"",
                        "\"market\":\"totals\"",
                        MISSING_FIELD,
                        "quotes.bookmaker: is required (in /body/quotes/0)"),
                quotes("\"market\":\"totals\",", "", MISSING_FIELD, "quotes.market: is required"),
                quotes("\"at\":7,", "", MISSING_FIELD, "quotes.at: is required"),
                quotes("\"prices\"", "\"price\"", MISSING_FIELD, "quotes.prices: is required"),
                quotes(",\"market\":\"h2h\"}]", "}]", MISSING_FIELD, "gone.market: is required"),
                quotes("\"away\":0,", "", MISSING_FIELD, "score.away: is required"),
                quotes("\"id\":\"i1\",", "", MISSING_FIELD, "incidents.id: is required"),
                quotes("\"type\":\"goal\",", "", MISSING_FIELD, "incidents.type: is required"),
                manual("\"seconds\":2,", "", MISSING_FIELD, "clock.seconds: is required"),
                new Bad(LINK, "\"to\":\"manual:2\",", "", MISSING_FIELD, "to or from: is required"),
                quotes("\"at\":3", "\"at\":3,\"at\":3", NOT_JSON, "at: stands there twice, send it once"),
                quotes("\"line\"", "\"line\":2.5,\"line\"", NOT_JSON, "line: stands there twice"),
                quotes("\"score\"", "\"x\":1,\"x\":2,\"score\"", NOT_JSON, "x: stands there twice"),
                new Bad(LINK, "true}}", "true},\"kind\":\"seen\"}", NOT_JSON, "kind: stands there twice"),
                quotes("\"over\"", "\"under\":3,\"over\"", DUPLICATE_OUTCOME, "under: stands there twice"),
                quotes("\"full\"", "\"x\":" + "[".repeat(30) + "]".repeat(30) + ",\"full\"", NOT_JSON, "nesting depth"),
                quotes("}]}}", "}]", NOT_JSON, "end-of-input"),
                quotes("\"open\",\"at\":10}]}}", "\"op", NOT_JSON, "send whole JSON in UTF-8"),
                quotes("}]}}", "}]}} ,", NOT_JSON, "',' (code 44)"),
                quotes("}]}}", "}]}}{}", NOT_JSON, "there is more behind the closing brace"),
                quotes("}]}}", "}]}]", NOT_JSON, "close marker ']'"),
                new Bad(QUOTES, QUOTES, "", NOT_JSON, "there is nothing to read"),
                new Bad(QUOTES, QUOTES, "<html>", NOT_JSON, "'<' (code 60)"),
                quotes("\"full\"", many("\"f%d\":1,", 200) + "\"full\"", TOO_MANY, "an object has at most 100 fields"),
                quotes("\"b\":8", many("\"b%d\":8,", 5_001) + "\"b\":8", TOO_MANY, "an object has at most 5000 fields"),
                quotes(
                        "\"h2h\":{",
                        "\"x\":{" + many("\"b%d\":8,", 2_600) + "\"b\":8},\"y\":{" + many("\"b%d\":8,", 2_600)
                                + "\"b\":8},\"h2h\":{",
                        TOO_MANY,
                        "stamps has more than 5000 items"),
                quotes("\"b\":8", many("\"b%d\":8,", 99) + "\"b7\":8", NOT_JSON, "b7: stands there twice"),
                quotes("\"b\":8", "\"b\":8,\"b\":9", NOT_JSON, "b: stands there twice"),
                quotes("\"A\"", "\"" + "x".repeat(10_000_000) + "\"", TOO_LARGE, "at most 1048576"));
    }

    private static String many(String text, int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(text.replace("%d", Integer.toString(i)));
        }
        return all.toString();
    }

    @ParameterizedTest
    @MethodSource({"numbers", "types", "texts", "shapes"})
    void isRefusedWithItsReasonAndADetailThatHelps(Bad bad) {
        assertRefused(bad.bytes(), bad.reason(), bad.detail());
    }

    @Test
    void theRecordsAreReadBeforeTheyAreSpoiled() throws RefusedException {
        for (String whole : List.of(QUOTES, MANUAL, LINK)) {
            assertThat(FeedJson.read(whole.getBytes(UTF_8)).match()).isEqualTo("oddsapi:1");
        }
    }

    @Test
    void bytesThatAreNoUtf8AreNoJson() {
        byte[] bytes = QUOTES.getBytes(UTF_8);
        int name = QUOTES.indexOf("\"A\"") + 1;
        for (int bad : new int[] {0x80, 0xc3, 0xff, 0xfe}) {
            bytes[name] = (byte) bad;
            assertRefused(bytes, NOT_JSON, "send whole JSON in UTF-8");
        }
    }

    @Test
    void halfASurrogatePairInUtf8IsRefused() {
        byte[] bytes = QUOTES.replace("\"A\"", "\"ABC\"").getBytes(UTF_8);
        int name = QUOTES.indexOf("\"A\"") + 1;
        bytes[name] = (byte) 0xed;
        bytes[name + 1] = (byte) 0xa0;
        bytes[name + 2] = (byte) 0x80;
        assertRefused(bytes, WRONG_TYPE, "halves of surrogate pairs");
    }

    @Test
    void aDocumentIsRefusedAsARecordIs() {
        for (String text : List.of("", "{\"deleted\":true}}", "{\"deleted\":")) {
            RefusedException refused = catchThrowableOfType(RefusedException.class, () -> FeedJson.readManual(text));
            assertThat(refused.reason()).isEqualTo(NOT_JSON);
        }
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> FeedJson.readManual("{\"suspend\":\"*\"}"));
        assertThat(refused.reason()).isEqualTo(WRONG_TYPE);
        assertThat(refused.detail()).isEqualTo("suspend=\"*\": an array is needed (in /suspend)");
    }

    private static void assertRefused(byte[] bytes, Refusal reason, String detail) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> FeedJson.read(bytes));
        assertThat(refused).isNotNull();
        assertThat(refused.detail()).contains(detail).hasSizeLessThan(400);
        assertThat(refused.reason()).isEqualTo(reason);
    }
}
