package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BookCacheTest {

    @Test
    void theBookThatCameFirstGoesFirstAndComesAgain() {
        BookCache cache = new BookCache(2_000);
        cache.page("a", new byte[500]);
        cache.page("b", new byte[500]);
        cache.page("c", new byte[500]);
        assertThat(cache.book("a")).isNull();
        cache.page("a", new byte[500]);
        assertThat(cache.book("a")).isNotNull();
        assertThat(cache.book("b")).isNull();
        assertThat(cache.book("c")).isNotNull();
    }

    @Test
    void whatWasReadStaysAsItWasWhenTheBookGoesOn() {
        BookCache cache = new BookCache(2_000);
        cache.page("a", new byte[] {1, 2});
        cache.market("a", "h2h", new byte[] {3, 4});
        BookCache.Book book = cache.book("a");
        assertThat(book).isNotNull();
        byte[] head = book.page();
        byte[] market = book.market("h2h");
        cache.page("a", new byte[] {5, 6});
        cache.market("a", "h2h", new byte[] {7, 8});
        assertThat(head).containsExactly(1, 2);
        assertThat(market).containsExactly(3, 4);
        assertThat(book.page()).containsExactly(5, 6);
        assertThat(book.market("h2h")).containsExactly(7, 8);
    }

    @Test
    void holdsWhatWasWrittenLastAtEveryLength() {
        Random random = new Random(2);
        BookCache cache = new BookCache(100_000);
        for (int i = 0; i < 2_000; i++) {
            byte[] head = bytes(random);
            byte[] market = bytes(random);
            cache.page("a", head);
            cache.market("a", "h2h", market);
            BookCache.Book book = cache.book("a");
            assertThat(book).isNotNull();
            assertThat(book.page()).isEqualTo(head);
            assertThat(book.market("h2h")).isEqualTo(market);
        }
    }

    @Test
    void aBookGoesWithItsMarkets() {
        BookCache cache = new BookCache(2_000);
        cache.page("a", new byte[10]);
        cache.market("a", "h2h", new byte[10]);
        cache.remove("a");
        cache.page("a", new byte[10]);
        BookCache.Book book = cache.book("a");
        assertThat(book).isNotNull();
        assertThat(book.market("h2h")).isNull();
    }

    @Test
    void aMarketOfABookThatIsNotAtHandIsNotKept() {
        BookCache cache = new BookCache(2_000);
        cache.market("a", "h2h", new byte[10]);
        assertThat(cache.book("a")).isNull();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void keepsNothingWithoutRoom() {
        BookCache cache = new BookCache(0);
        cache.page("a", new byte[1]);
        assertThat(cache.book("a")).isNull();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void staysWithinItsBytesAndCountsThemRight() {
        Random random = new Random(1);
        BookCache cache = new BookCache(10_000);
        for (int i = 0; i < 20_000; i++) {
            String match = "m" + random.nextInt(40);
            String market = "k" + random.nextInt(5);
            switch (random.nextInt(8)) {
                case 0 -> cache.remove(match);
                case 1 -> cache.removeMarket(match, market);
                case 2, 3, 4 -> cache.page(match, new byte[random.nextInt(700)]);
                default -> cache.market(match, market, new byte[random.nextInt(300)]);
            }
            assertThat(cache.bytes()).isBetween(0L, 10_000L);
        }
        for (int m = 0; m < 40; m++) {
            cache.remove("m" + m);
        }
        assertThat(cache.bytes()).isZero();
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 40 : 400)];
        random.nextBytes(bytes);
        return bytes;
    }
}
