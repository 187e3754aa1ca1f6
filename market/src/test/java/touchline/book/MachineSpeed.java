package touchline.book;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Quote;
import touchline.feed.Seq;
import touchline.feed.Stamp;
import touchline.feed.View;
import touchline.update.MarketUpdate;
import touchline.update.UpdateJson;

/**
 * What one record costs in the machine, without Flink, Kafka and RocksDB: run the main method; arguments are the rounds
 * (default 15) and the part of a case's name to run only that. Prints per case the median round's CPU time per record, so
 * that other work on the machine counts little.
 */
public final class MachineSpeed {

    private static final int BOOKMAKERS = 11;
    private static final int MATCHES = 64;
    private static final int WARM_UP_ROUNDS = 10;
    private static final long ROUND_NANOS = 200_000_000L;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private final MarketMachine machine = new MarketMachine(Tell.rules(Map.of()));
    private final MapStore[] stores = new MapStore[MATCHES];
    private long n = 1;
    private long now = Tell.START;
    private long sink;

    private MachineSpeed() {
        for (int m = 0; m < MATCHES; m++) {
            stores[m] = new MapStore();
            machine.apply(stores[m], full(m), now);
        }
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 15;
        String only = args.length > 1 ? args[1] : "";
        MachineSpeed speed = new MachineSpeed();
        speed.measure(rounds, only);
        System.out.println("ignore=" + speed.sink);
    }

    private void measure(int rounds, String only) {
        FeedRecord repeat = quote(0);
        machine.apply(stores[0], repeat, now);
        byte[] repeated = FeedJson.write(repeat);
        byte[] seen = FeedJson.write(seen(0));
        byte[] full = FeedJson.write(full(0));
        MarketUpdate patch = machine.apply(stores[0], quote(0), now).updates().get(0);
        byte[] said = UpdateJson.write(patch);
        time(
                rounds,
                only,
                "read-quote-" + repeated.length + "B",
                m -> FeedJson.read(repeated).at());
        time(
                rounds,
                only,
                "read-seen-" + seen.length + "B",
                m -> FeedJson.read(seen).at());
        time(
                rounds,
                only,
                "read-full-" + full.length + "B",
                m -> FeedJson.read(full).at());
        time(rounds, only, "write-quote", m -> FeedJson.write(repeat).length);
        time(rounds, only, "write-update-" + said.length + "B", m -> UpdateJson.write(patch).length);
        Quotation quotation =
                machine.apply(stores[0], quote(0), now).quotations().get(0);
        time(rounds, only, "write-quotation", m -> {
            byte[] value = Objects.requireNonNull(QuotationJson.value(quotation));
            return (long) QuotationJson.key(quotation).length + value.length;
        });
        time(rounds, only, "read-update", m -> UpdateJson.read(said).position().version());
        time(rounds, only, "repeat", m -> machine.apply(stores[0], repeat, now).wakeAt());
        time(
                rounds,
                only,
                "repeat-with-read",
                m -> machine.apply(stores[0], FeedJson.read(repeated), now).wakeAt());
        time(rounds, only, "seen", m -> machine.apply(stores[m], seen(m), now).wakeAt());
        time(
                rounds,
                only,
                "one-quote",
                m -> machine.apply(stores[m], quote(m), now).wakeAt());
        time(rounds, only, "one-quote-with-read-and-write", m -> {
            Step step = machine.apply(stores[m], FeedJson.read(FeedJson.write(quote(m))), now);
            step.updates().forEach(update -> sink += UpdateJson.write(update).length);
            return step.wakeAt();
        });
        time(
                rounds,
                only,
                "full-view",
                m -> machine.apply(stores[m], full(m), now).wakeAt());
    }

    private interface Case {
        long run(int match) throws Exception;
    }

    @SuppressWarnings("SystemOut")
    private void time(int rounds, String only, String name, Case work) {
        if (!name.contains(only)) {
            return;
        }
        long[] nanos = new long[rounds];
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            long count = 0;
            long start = threads.getCurrentThreadCpuTime();
            long spent;
            do {
                for (int m = 0; m < MATCHES; m++) {
                    try {
                        sink += work.run(m);
                    } catch (Exception e) {
                        throw new IllegalStateException(name, e);
                    }
                }
                count += MATCHES;
                spent = threads.getCurrentThreadCpuTime() - start;
            } while (spent < ROUND_NANOS);
            if (round >= 0) {
                nanos[round] = spent / count;
            }
        }
        Arrays.sort(nanos);
        System.out.printf(Locale.ROOT, "%-32s %9d ns/op  (best %d)%n", name, nanos[rounds / 2], nanos[0]);
    }

    private FeedRecord record(int match, View view) {
        n++;
        return new FeedRecord("oddsapi:match" + match, Tell.ODDS, new Seq(1, n), now, now, 60_000, view.kind(), view);
    }

    private FeedRecord quote(int match) {
        return record(match, Tell.quotes(h2h((int) (n % BOOKMAKERS), 1_900 + (int) (n % 60))));
    }

    private FeedRecord seen(int match) {
        List<Stamp> stamps = new ArrayList<>();
        for (int b = 0; b < 4; b++) {
            stamps.add(new Stamp("bookmaker" + b, "h2h", now));
        }
        return record(match, View.seen(stamps));
    }

    private FeedRecord full(int match) {
        Quote[] quotes = new Quote[3 * BOOKMAKERS];
        for (int b = 0; b < BOOKMAKERS; b++) {
            int price = 1_900 + (int) ((n + b) % 60);
            quotes[3 * b] = h2h(b, price);
            quotes[3 * b + 1] = new Quote("bookmaker" + b, "totals", now, 2500, Map.of("over", price, "under", 1_900));
            quotes[3 * b + 2] = new Quote("bookmaker" + b, "spreads", now, -500, Map.of("home", price, "away", 1_900));
        }
        return record(match, Tell.full(Tell.fixture(Tell.START + 3_600_000), quotes));
    }

    private Quote h2h(int bookmaker, int home) {
        return new Quote("bookmaker" + bookmaker, "h2h", now, null, Map.of("home", home, "draw", 3_400, "away", 3_700));
    }
}
