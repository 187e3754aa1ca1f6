package touchline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import touchline.book.MapStore;

/** A book's bytes in Flink's state against a plain map: whole or not, at hand or not, saved or given up. */
class BookStateTest {

    private static final List<String> MARKETS = List.of("h2h", "totals", "spreads:-1.5", "Straßenfußball");

    private final Page page = new Page();
    private final Markets markets = new Markets();

    @Test
    void holdsWhatWasSavedAndNothingElse() {
        int whole = 0;
        int split = 0;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            page.value = null;
            markets.values.clear();
            // With some seeds no book grows so large that it is split, with others most do.
            int most = seed % 2 == 0 ? 100 : 500;
            MapStore expected = new MapStore();
            BookState book = restored(random);
            for (int step = 0; step < 200; step++) {
                if (random.nextInt(20) == 0) {
                    book = restored(random);
                }
                book.load("m");
                same(book, expected);
                MapStore next = expected.copy();
                change(random, most, book, next);
                same(book, next);
                if (random.nextInt(4) > 0) {
                    book.save();
                    expected = next;
                    if (page.value != null && new BookPage(page.value).whole) {
                        whole++;
                        assertThat(markets.values).isEmpty();
                        assertThat(page.value.length).isLessThanOrEqualTo(BookState.WHOLE_BYTES);
                    } else if (page.value != null) {
                        split++;
                    } else {
                        assertThat(markets.values).isEmpty();
                    }
                }
            }
        }
        assertThat(whole).isGreaterThan(1_000);
        assertThat(split).isGreaterThan(1_000);
    }

    @Test
    void keepsTheOperatorsOwnFacts() {
        BookState book = restored(new Random(1));
        book.load("m");
        assertThat(book.timer()).isEqualTo(Long.MAX_VALUE);
        book.head(new byte[] {1});
        book.attempt(7);
        book.timer(8);
        book.save();
        book = restored(new Random(1));
        book.load("m");
        assertThat(List.of(book.attempt(), book.timer())).containsExactly(7L, 8L);
        book.attempt(9);
        book.load("m");
        assertThat(book.attempt()).as("given up").isEqualTo(7);
    }

    @Test
    void goesOnWithABookWhoseMarketsWereAlwaysValuesOfTheirOwn() {
        // Form 1, attempt 2, timer 3, and a head of one byte.
        page.value = new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 42};
        markets.values.put("h2h", new byte[] {5});
        BookState book = restored(new Random(1));
        book.load("m");
        assertThat(List.of(book.attempt(), book.timer())).containsExactly(2L, 3L);
        assertThat(book.head()).containsExactly(42);
        assertThat(book.market("h2h")).containsExactly(5);
        book.market("h2h", new byte[] {6});
        book.head(new byte[] {43});
        book.save();
        assertThat(page.value).startsWith((byte) 1).endsWith((byte) 43);
        assertThat(markets.values.get("h2h")).containsExactly(6);
    }

    @Test
    void refusesWhatAnotherVersionWroteAndWhatIsCutOff() {
        BookState book = restored(new Random(1));
        page.value = new byte[] {9, 0, 0};
        assertThatThrownBy(() -> book.load("m"))
                .isInstanceOf(BookState.Lost.class)
                .hasMessageContaining("form 9 was written by another version");
        page.value = new byte[] {2, 0, 0};
        assertThatThrownBy(() -> book.load("m"))
                .isInstanceOf(BookState.Lost.class)
                .hasMessageContaining("3 bytes is cut off");
    }

    private BookState restored(Random random) {
        return new BookState(page, markets, new BookCache(random.nextInt(3) * 1_500L));
    }

    private static void change(Random random, int most, BookState book, MapStore expected) {
        for (int n = random.nextInt(4); n > 0; n--) {
            String market = MARKETS.get(random.nextInt(MARKETS.size()));
            switch (random.nextInt(12)) {
                case 0 -> {
                    book.clear();
                    expected.clear();
                }
                case 1, 2 -> {
                    book.removeMarket(market);
                    expected.removeMarket(market);
                }
                default -> {
                    byte[] bytes = bytes(random, most);
                    book.market(market, bytes);
                    expected.market(market, bytes);
                }
            }
        }
        // As the machine does: whatever it changes, it writes the head, or there is no book.
        byte[] head = bytes(random, most);
        book.head(head);
        expected.head(head);
        if (random.nextInt(30) == 0) {
            book.clear();
            expected.clear();
        }
    }

    private static void same(BookState book, MapStore expected) {
        assertThat(book.head()).isEqualTo(expected.head());
        assertThat(book.exists()).isEqualTo(expected.head() != null);
        for (String market : MARKETS) {
            assertThat(book.market(market)).as(market).isEqualTo(expected.market(market));
        }
    }

    private static byte[] bytes(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static final class Page implements ValueState<byte[]> {
        private byte @Nullable [] value;

        @Override
        @SuppressWarnings("NullAway") // as Flink does
        public byte[] value() {
            return value;
        }

        @Override
        public void update(byte[] bytes) {
            value = bytes;
        }

        @Override
        public void clear() {
            value = null;
        }
    }

    private static final class Markets implements MapState<String, byte[]> {
        private final Map<String, byte[]> values = new HashMap<>();

        @Override
        @SuppressWarnings("NullAway") // as Flink does
        public byte[] get(String key) {
            return values.get(key);
        }

        @Override
        public void put(String key, byte[] value) {
            values.put(key, value);
        }

        @Override
        public void putAll(Map<String, byte[]> map) {
            values.putAll(map);
        }

        @Override
        public void remove(String key) {
            values.remove(key);
        }

        @Override
        public boolean contains(String key) {
            return values.containsKey(key);
        }

        @Override
        public Iterable<Map.Entry<String, byte[]>> entries() {
            return values.entrySet();
        }

        @Override
        public Iterable<String> keys() {
            return values.keySet();
        }

        @Override
        public Iterable<byte[]> values() {
            return values.values();
        }

        @Override
        public Iterator<Map.Entry<String, byte[]>> iterator() {
            return values.entrySet().iterator();
        }

        @Override
        public boolean isEmpty() {
            return values.isEmpty();
        }

        @Override
        public void clear() {
            values.clear();
        }
    }
}
