package touchline.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BoundsTest {

    private static final String ALPHABET = "az09_AZ.-:/ éK\u0131{\n";

    private interface Check {
        String of(String text) throws RefusedException;
    }

    @Test
    void idsAndKeysAreWhatTheContractSays() {
        agrees("[A-Za-z0-9_.\\-]{1,40}:[A-Za-z0-9_.\\-]{1,80}", Bounds::matchId);
        agrees("[a-z0-9_]{1,40}/[a-z0-9_]{1,40}", Bounds::source);
        agrees("[a-z0-9_]{1,60}", key -> Bounds.key("bookmaker", key));
        agrees("[a-z0-9_]{1,60}(:-?[0-9]{1,4}(\\.[0-9]{1,2})?)?", Bounds::market);
    }

    private static void agrees(String contract, Check check) {
        Pattern pattern = Pattern.compile(contract);
        Random random = new Random(5);
        int fits = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = text(random);
            boolean accepted = true;
            try {
                assertThat(check.of(text)).isSameAs(text);
                fits++;
            } catch (RefusedException e) {
                assertThat(e.reason()).isEqualTo(Refusal.BAD_ID);
                accepted = false;
            }
            assertThat(accepted).as(text).isEqualTo(pattern.matcher(text).matches());
        }
        assertThat(fits).isBetween(500, 19_000);
    }

    /** Mostly nearly right: runs of allowed characters, of a length near a bound, around one separator. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        part(random, text);
        if (random.nextInt(4) > 0) {
            text.append(random.nextBoolean() ? ':' : '/');
            part(random, text);
        }
        return text.toString();
    }

    private static void part(Random random, StringBuilder text) {
        int[] lengths = {0, 1, 2, 3, 5, 40, 41, 60, 61, 80, 81};
        String from = random.nextInt(5) == 0 ? ALPHABET : random.nextBoolean() ? "az09_" : "0123456789";
        for (int i = lengths[random.nextInt(random.nextBoolean() ? 5 : lengths.length)]; i > 0; i--) {
            text.append(from.charAt(random.nextInt(from.length())));
        }
    }

    @Test
    void outcomesAreThoseOfTheMarketOnAnyLine() throws RefusedException {
        assertThat(Bounds.outcome("totals:3.5", "over")).isEqualTo("over");
        assertThat(Bounds.outcome("correct_score", "2_1")).isEqualTo("2_1");
        assertThatThrownBy(() -> Bounds.outcome("totals:3.5", "draw"))
                .hasMessage("outcome=draw of market=totals:3.5: use one of [over, under]");
        assertThatThrownBy(() -> Bounds.outcome("correct_score", "2:1")).hasMessageStartingWith("outcome=2:1: use");
    }

    @Test
    void pricesAndLinesAreTakenUpToTheirBoundsAndNoFurther() throws RefusedException {
        assertThat(Bounds.price("p", "1.001")).isEqualTo(Bounds.MIN_PRICE);
        assertThat(Bounds.price("p", "10000")).isEqualTo(Bounds.MAX_PRICE);
        assertThat(Bounds.line("l", "-1000")).isEqualTo(-Bounds.MAX_LINE);
        assertThat(Bounds.line("l", "0.25")).isEqualTo(Bounds.LINE_STEP);
        assertThat(Bounds.number("n", (1L << 53) - 1)).isEqualTo((1L << 53) - 1);
        assertThat(Bounds.score("s", 9_999)).isEqualTo(9_999);
        assertThatThrownBy(() -> Bounds.price("p", "10000.001"))
                .hasMessage("p=10000.001: a price lies within 1.001..10000");
        assertThatThrownBy(() -> Bounds.line("l", "1000.25")).hasMessageStartingWith("l=1000.25: a line is a multiple");
        assertThatThrownBy(() -> Bounds.line("l", "-2147483.648")).hasMessageStartingWith("l=-2147483.648: a line");
    }

    @Test
    void aClippedTextHasNoBrokenCharacter() {
        String pairs = "x" + "⚽🏆".repeat(60);
        assertThat(Bounds.clip(pairs))
                .hasSizeBetween(82, 83)
                .doesNotContainPattern("[\\ud800-\\udbff](?![\\udc00-\\udfff])");
        assertThat(Bounds.clip("🏆".repeat(40) + "x")).isEqualTo("🏆".repeat(40) + "...");
        assertThat(Bounds.clip("x" + "🏆".repeat(40))).isEqualTo("x" + "🏆".repeat(39) + "...");
        assertThat(Bounds.clip("x".repeat(80))).hasSize(80);
    }

    @Test
    void namesOfPeopleAndPlacesAreTexts() throws RefusedException {
        for (String name : new String[] {"Bodø/Glimt", "東京", "Team 🏆", "O'Neill \"x\"", "x".repeat(200)}) {
            assertThat(Bounds.text("home", name)).isEqualTo(name);
        }
        assertThat(Bounds.text("home", null)).isNull();
    }
}
