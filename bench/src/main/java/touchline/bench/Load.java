package touchline.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import touchline.feed.Decimal;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Fixture;
import touchline.feed.Gone;
import touchline.feed.Kind;
import touchline.feed.Quote;
import touchline.feed.Seq;
import touchline.feed.View;

/** Feed records of made-up matches; every change of a match has a price that this match never had before. */
final class Load {

    private static final String SOURCE = "oddsapi/odds";
    private static final long NEXT_MS = 3_600_000;

    /** A record that changes one price, and the price that will be published. */
    record Change(String match, String price, FeedRecord told) {

        byte[] record() {
            return FeedJson.write(told);
        }
    }

    private final int matches;
    private final long generation = System.currentTimeMillis();
    private long n;
    private long changes;
    private long firsts;

    Load(int matches) {
        this.matches = matches;
    }

    String match(int m) {
        return "oddsapi:bench" + m;
    }

    /** The full view that begins a match with one bookmaker on two markets. */
    byte[] fixture(String match) {
        long now = System.currentTimeMillis();
        View view = new View(
                true,
                false,
                new Fixture("soccer_bench", "Bench", "Home " + match, "Away " + match, now - 60_000),
                List.of(
                        new Quote("a", "h2h", now, null, prices(1500)),
                        new Quote("a", "totals", now, 2500, Map.of("over", 1900, "under", 1950))),
                List.of(),
                List.of(),
                null,
                List.of());
        return FeedJson.write(told(match, Kind.FIXTURE, view, now));
    }

    /** The next change, round robin over the matches; a price returns after 500,000 changes of its match. */
    Change next() {
        int m = (int) (changes % matches);
        int price = 1501 + (int) (changes / matches % 500_000);
        changes++;
        return new Change(match(m), Decimal.text(price), change(match(m), price));
    }

    /** The next change of the first match. */
    Change ofTheFirst() {
        int price = 1501 + (int) (++firsts % 500_000);
        return new Change(match(0), Decimal.text(price), change(match(0), price));
    }

    /** The match's only price of who wins goes: its market is suspended. */
    byte[] gone(String match) {
        View view = new View(false, false, null, List.of(), List.of(new Gone("a", "h2h")), List.of(), null, List.of());
        return FeedJson.write(told(match, Kind.QUOTES, view, System.currentTimeMillis()));
    }

    /** It is there again. */
    byte[] back(String match) {
        return FeedJson.write(change(match, 1500));
    }

    private FeedRecord change(String match, int price) {
        long now = System.currentTimeMillis();
        View view = new View(
                false,
                false,
                null,
                List.of(new Quote("a", "h2h", now, null, prices(price))),
                List.of(),
                List.of(),
                null,
                List.of());
        return told(match, Kind.QUOTES, view, now);
    }

    private FeedRecord told(String match, Kind kind, View view, long now) {
        return new FeedRecord(match, SOURCE, new Seq(generation, ++n), now, now, NEXT_MS, kind, view);
    }

    private static Map<String, Integer> prices(int home) {
        return Map.of("home", home, "draw", 3000, "away", 1900);
    }

    /** Appends to the feed log; a failure shows when the producer is flushed and the figures do not come. */
    static void append(KafkaProducer<String, byte[]> producer, String match, byte[] record) {
        var unused = producer.send(new ProducerRecord<>("feed", match, record), (metadata, e) -> {
            if (e != null) {
                System.err.println("append failed: " + e);
            }
        });
    }

    /** The home price in the bytes of a change; null when there is none. */
    static @Nullable String price(byte[] record) {
        String text = new String(record, StandardCharsets.UTF_8);
        int at = text.indexOf("\"home\":");
        if (at < 0 || text.startsWith("\"", at + 7)) {
            return null;
        }
        int end = text.indexOf('}', at);
        int comma = text.indexOf(',', at);
        return text.substring(at + 7, comma > 0 && comma < end ? comma : end);
    }
}
