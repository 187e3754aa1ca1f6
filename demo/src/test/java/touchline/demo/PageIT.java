package touchline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.openqa.selenium.Keys;

/** The page in a real browser, before everything that the demo runs. The last test ends a job: it is the last one. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIT {

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Chromium browser;
    private static World world;

    @BeforeAll
    static void start() {
        browser = Chromium.start();
        world = World.start(Input.of(null, 0, 1, 12), new Ports(), 1, Map.of(), (what, tookMs) -> {});
    }

    @AfterAll
    static void stop() {
        if (world != null) {
            world.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openThePage() {
        browser.size(1360, 860);
        browser.colours("light");
        browser.open(world.page());
        current();
    }

    @Test
    void goesFromPageToPageWithoutAReloadAndAsksForNothingThatItHolds() throws Exception {
        String match = announced("Rovers", "Wanderers");
        browser.await("its row", "document.querySelector(arguments[0])", row(match));
        browser.js("window.marker = 'the same document'");
        browser.await("both lists", "seen.sent.filter(({ op }) => op === 'sub').length >= 2");
        current();
        browser.js("window.held = new Set([...document.querySelectorAll('.row')].map((row) => row.dataset.match))");
        browser.js("window.before = seen.images.length");

        browser.click(row(match) + " a");
        browser.await("the match", "document.querySelector('.board')");
        assertThat(browser.js("return location.pathname")).isEqualTo("/match/" + match.replace(":", "%3A"));
        assertThat(browser.text(".side.home")).as("is there at once").isEqualTo("Rovers");
        assertThat(browser.js("return document.activeElement.tagName")).isEqualTo("H1");
        current();
        assertThat(browser.js(
                        "return seen.images.slice(before).filter((id) => held.has(id) && id !== arguments[0])", match))
                .as("only this match, with the markets that a list has no room for")
                .isEqualTo(List.of());
        // This one may come once more: its page's own markets are let go when nobody has looked for a while.
        browser.js("held.delete(arguments[0])", match);

        browser.click(".crumb");
        browser.await("the league", "document.querySelector('.list h1')?.textContent === arguments[0]", "Operators");
        browser.await("its rows", "document.querySelector(arguments[0])", row(match));
        current();
        browser.back();
        browser.await("the match again", "document.querySelector('.board')");
        browser.back();
        browser.await("the list again", "document.querySelector(arguments[0])", row(match));
        assertThat(browser.is("document.activeElement === document.querySelector(arguments[0] + ' a')", row(match)))
                .as("the focus is where it was left")
                .isTrue();
        current();

        assertThat(browser.js("return window.marker")).isEqualTo("the same document");
        assertThat(browser.number("performance.getEntriesByType('navigation').length"))
                .isEqualTo(1);
        assertThat(browser.js("return seen.images.slice(before).filter((match) => held.has(match))"))
                .as("images of what was held already")
                .isEqualTo(List.of());
    }

    @Test
    void changesAPriceInPlace() throws Exception {
        String match = announced("United", "City");
        browser.await(
                "its price", "document.querySelector(arguments[0])?.textContent === '1.85'", value(match, "home"));
        // A market that a busy machine has suspended meanwhile marks nothing, and rightly: then once more.
        List<String> prices = List.of("1.95 4", "2.05 3.8", "2.15 3.6", "2.25 3.4", "2.35 3.2");
        boolean open = false;
        for (int i = 0; i < prices.size() && !open; i++) {
            browser.await(
                    "its market open",
                    "document.querySelector(arguments[0]).dataset.status === 'open'",
                    row(match) + " [data-market=h2h]");
            open = changes(match, prices.get(i).split(" ")[0], prices.get(i).split(" ")[1]);
        }
        assertThat(open).as("a change while the market was open").isTrue();
        assertThat(browser.js("return marks"))
                .as("what has not changed is not marked")
                .isEqualTo(Map.of("home", "up", "away", "down"));
        assertThat(browser.js("return changes.filter(({ type }) => type === 'childList').length"))
                .isEqualTo(0L);
        assertThat(browser.js("""
                        return changes
                          .filter(({ type, target }) => type === 'characterData' && target.parentElement.matches('.value'))
                          .map(({ target }) => target.parentElement.parentElement.dataset.outcome)
                          .sort()""")).as("two prices, each in its text").isEqualTo(List.of("away", "home"));
        browser.await("the mark to fade", "price.parentElement.dataset.move === undefined");
    }

    @Test
    void suspendsInOneWindowWhatIsSuspendedInTheOther() throws Exception {
        String match = announced("Albion", "Athletic");
        String market = row(match) + " [data-market=h2h]";
        browser.await("its market open", "document.querySelector(arguments[0])?.dataset.status === 'open'", market);

        String page = browser.openBeside(world.operator());
        String sheet = ".sheet[data-match='" + match + "']";
        String act = sheet + " [data-market=h2h] [data-act]";
        browser.await("the operator's sheet", "document.querySelector(arguments[0])?.dataset.act === 'suspend'", act);
        browser.size(1360, 860);
        browser.picture(PICTURES, "operator-desktop-light");
        browser.click(act);
        String desk = browser.window();
        browser.front(page);
        browser.await("the lock", "document.querySelector(arguments[0]).dataset.status === 'suspended'", market);
        assertThat(browser.text(market + " .why")).isEqualTo("Trader");
        assertThat(browser.is(
                        "getComputedStyle(document.querySelector(arguments[0])).visibility === 'hidden'",
                        market + " .price"))
                .as("no price is shown that is not offered")
                .isTrue();

        browser.front(desk);
        browser.await("the way back", "document.querySelector(arguments[0])?.dataset.act === 'resume'", act);
        browser.click(act);
        browser.front(page);
        browser.await(
                "the market open again", "document.querySelector(arguments[0]).dataset.status === 'open'", market);

        browser.front(desk);
        browser.click(sheet + " form button[type=button]");
        browser.front(page);
        browser.await("the goal", "document.querySelector(arguments[0])?.textContent === '1'", row(match) + " .score");
        browser.await(
                "the goal spoken of", "document.querySelector('#scores').textContent.includes('Albion 1, Athletic 0')");
        browser.front(desk);
        browser.closeWindow(page);
    }

    @Test
    void showsAtItsFieldWhatTheDatabaseRefuses() throws Exception {
        String match = announced("Academy", "Town");
        String page = browser.openBeside(world.operator());
        String market = ".sheet[data-match='" + match + "'] [data-market=h2h]";
        browser.await(
                "the operator's sheet",
                "document.querySelector(arguments[0])?.value === '3.4'",
                market + " [name=price_draw]");
        browser.type(market + " [name=price_draw]", "0.5");
        browser.press(Keys.ENTER);

        browser.await("the refusal", "document.querySelector(arguments[0])", market + " .wrong");
        assertThat(browser.text(market + " .wrong")).contains("between 1.001 and 10000", "as 1.85");
        assertThat(browser.is(
                        "document.querySelector(arguments[0]).getAttribute('aria-invalid')",
                        market + " [name=price_draw]"))
                .isTrue();
        assertThat(browser.is(
                        "document.querySelector(arguments[0]).getAttribute('aria-invalid')",
                        market + " [name=price_home]"))
                .isFalse();
        browser.size(1360, 860);
        browser.colours("dark");
        browser.picture(PICTURES, "operator-desktop-dark-refused");

        browser.type(market + " [name=price_draw]", "3.6");
        browser.press(Keys.ENTER);
        browser.await("the refusal gone", "!document.querySelector(arguments[0])", market + " .wrong");
        browser.closeWindow(page);
        browser.await(
                "the price", "document.querySelector(arguments[0])?.textContent === '3.60'", value(match, "draw"));
    }

    @Test
    void canBeUsedByKeyboardAlone() throws Exception {
        String match = announced("Foxes", "Larks");
        browser.await("its row", "document.querySelector(arguments[0])", row(match));
        browser.js("document.querySelector(arguments[0]).focus()", row(match) + " a");
        browser.press(Keys.TAB);
        browser.pressWith(Keys.SHIFT, Keys.TAB);
        assertThat(browser.is("document.activeElement.matches('.row a:focus-visible')"))
                .isTrue();
        assertThat(browser.js("return getComputedStyle(document.activeElement, '::after').outlineStyle"))
                .as("the focus can be seen")
                .isEqualTo("solid");
        browser.picture(PICTURES, "focus-desktop-light");
        browser.press(Keys.ENTER);
        browser.await("the match", "document.querySelector('.board')");
        assertThat(browser.js("return document.activeElement.tagName")).isEqualTo("H1");
        browser.press(Keys.TAB);
        assertThat(browser.is("document.activeElement !== document.body")).isTrue();

        browser.open(world.page());
        browser.js("document.body.focus()");
        browser.press(Keys.TAB);
        assertThat(browser.text(":focus"))
                .as("the first stop leads past the top")
                .isEqualTo("Skip to the matches");
        browser.js("window.list = document.querySelector('.list')");
        browser.press(Keys.ENTER);
        assertThat(browser.is("document.activeElement.id === 'main' && list.isConnected"))
                .isTrue();
    }

    @Test
    void keepsTheFocusOnAMatchThatMoves() throws Exception {
        String match = announced("Finches", "Otters", "upcoming");
        browser.click(".tabs [data-tab=upcoming]");
        browser.await("its row", "document.querySelector(arguments[0])", row(match));
        browser.click(".bar a[href='/league/Operators']");
        browser.await("its league", "document.querySelector('.list h1')?.textContent === 'Operators'");
        browser.js("window.row = document.querySelector(arguments[0]); row.querySelector('a').focus()", row(match));
        order("{'do':'phase','match':'" + match + "','phase':'live','period':'first_half'}");
        browser.await(
                "its row in another group", "![null, row].includes(document.querySelector(arguments[0]))", row(match));
        assertThat(browser.is("document.activeElement === document.querySelector(arguments[0])", row(match) + " a"))
                .isTrue();
    }

    @Test
    void prefetchesWhatIsPointedAt() throws Exception {
        String match = announced("Comets", "Herons");
        browser.await("its row", "document.querySelector(arguments[0])", row(match));
        browser.js("document.querySelector(arguments[0]).focus()", row(match) + " a");
        browser.await(
                "the question",
                "seen.sent.some(({ op, select }) => op === 'sub' && select.match?.includes(arguments[0]))",
                match);
        assertThat(browser.is("document.querySelector('.board')")).isFalse();
    }

    @Test
    void comesBackByItselfAfterTheRelayWasKilled() {
        browser.await("rows", "document.querySelectorAll('.row').length > 3");
        browser.js("window.marker = 'the same document'; window.rows = [...document.querySelectorAll('.row')]");
        world.restartRelay(() -> {
            browser.await(
                    "the word for it", "document.getElementById('standing').textContent.trim() === 'Reconnecting'");
            assertThat(browser.is("rows.every((row) => row.isConnected)"))
                    .as("what is held stays on the page")
                    .isTrue();
            browser.await("every price locked", "!document.querySelector('.market[data-status=open]')");
            browser.colours("dark");
            browser.picture(PICTURES, "reconnecting-desktop-dark");
        });
        current();
        browser.await("prices again", "document.querySelector('.market[data-status=open]')");
        assertThat(browser.js("return window.marker")).isEqualTo("the same document");
        assertThat(browser.is("rows.filter((row) => row.isConnected).length > rows.length / 2"))
                .as("and its elements are the same ones")
                .isTrue();
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void isKeptInPictures() {
        for (String size : List.of("desktop", "phone")) {
            boolean isPhone = size.equals("phone");
            browser.size(isPhone ? 390 : 1360, isPhone ? 844 : 860);
            for (String scheme : List.of("light", "dark")) {
                browser.colours(scheme);
                browser.open(world.page());
                current();
                browser.await("rows", "document.querySelectorAll('.row').length > 3");
                browser.picture(PICTURES, "live-" + size + "-" + scheme);
                assertThat(browser.number("document.documentElement.scrollWidth"))
                        .as("nothing is wider than the " + size)
                        .isLessThanOrEqualTo(isPhone ? 390 : 1360);
                browser.click(".tabs [data-tab=upcoming]");
                browser.await("the upcoming ones", "document.querySelector('h1').textContent === 'Upcoming'");
                browser.picture(PICTURES, "upcoming-" + size + "-" + scheme);
                browser.click(".tabs [data-tab=live]");
                browser.click(".bar h2 a");
                browser.await("a league", "document.querySelector('.list h1')?.textContent !== 'Live'");
                browser.picture(PICTURES, "league-" + size + "-" + scheme);
                browser.click(".row a");
                browser.await("a match", "document.querySelector('.card .market')");
                current();
                browser.picture(PICTURES, "match-" + size + "-" + scheme);
            }
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void saysThatThePipelineIsLateWhenItDies() {
        browser.await("an open market", "document.querySelector('.market[data-status=open]')");
        world.flink().cancel(Objects.requireNonNull(world.jobs().get("MarketJob")));
        browser.await("the word for it", "document.getElementById('standing').textContent.trim() === 'Pipeline late'");
        browser.await("every price locked", "!document.querySelector('.market[data-status=open]')");
        assertThat(browser.text("#notice")).startsWith("Our own data is late");
        assertThat(
                        browser.is(
                                "[...document.querySelectorAll('.market[data-late] .why')].some((why) => why.textContent === 'Data late')"))
                .isTrue();
        browser.picture(PICTURES, "late-desktop-light");
        browser.size(390, 844);
        browser.colours("dark");
        browser.picture(PICTURES, "late-phone-dark");
    }

    private static void current() {
        browser.await("being current", "document.getElementById('standing').textContent.trim() === 'Up to date'");
    }

    private static String row(String match) {
        return ".row[data-match='" + match + "']";
    }

    private static String value(String match, String outcome) {
        return row(match) + " [data-market=h2h] [data-outcome=" + outcome + "] .value";
    }

    /** @return whether the market was open all the while */
    private static boolean changes(String match, String home, String away) throws Exception {
        browser.js("""
                window.row = document.querySelector(arguments[0]);
                window.price = document.querySelector(arguments[1]);
                window.text = price.firstChild;
                window.changes = [];
                window.marks = {};
                window.watch?.disconnect();
                window.watch = new MutationObserver((records) => {
                  changes.push(...records);
                  for (const { target, attributeName } of records) {
                    const mark = attributeName === 'data-move' && target.dataset.move;
                    if (mark) marks[target.dataset.outcome] = mark.slice(0, -1);
                  }
                });
                watch.observe(row, { subtree: true, childList: true, characterData: true, attributes: true });
                """, row(match), value(match, "home"));
        order("{'do':'prices','match':'" + match + "','market':'h2h','price_home':'" + home + "','price_away':'" + away
                + "'}");
        browser.await("the new price", "price.textContent === arguments[0]", home);
        assertThat(browser.is("price.isConnected && price.firstChild === text && row.isConnected"))
                .isTrue();
        return browser.is(
                "row.querySelector('[data-market=h2h]').dataset.status === 'open'"
                        + " && !changes.some(({ target, attributeName }) => attributeName === 'data-status' && target.dataset.market === 'h2h')");
    }

    private static String announced(String home, String away) throws Exception {
        return announced(home, away, "live");
    }

    private static String announced(String home, String away, String phase) throws Exception {
        JsonNode done = order("{'do':'announce','home':'" + home + "','away':'" + away + "','league':'Operators',"
                + "'phase':'" + phase + "','price_home':'1.85','price_draw':'3.4','price_away':'4.2'}");
        return done.path("match").asText();
    }

    private static JsonNode order(String json) throws Exception {
        String own = world.operator();
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(own + "orders"))
                        .header("Origin", own.substring(0, own.length() - 1))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
