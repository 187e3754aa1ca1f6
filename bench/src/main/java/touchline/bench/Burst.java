package touchline.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import touchline.bench.relay.Plot;
import touchline.update.MarketUpdate;

/**
 * Ten times as many prices as usual for a while, at intended times whatever the system does, and amidst them suspensions
 * of other matches: how late those come before, meanwhile and afterwards, how long the backlog gets, and when it is gone.
 */
final class Burst {

    private static final int MATCHES = 1_000;
    private static final int TIMES = 10;
    private static final int WARM_UP_SECONDS = 30;
    private static final int SHARDS = 16;
    /** Matches that are suspended in turn, ten a second, each resumed halfway. */
    private static final int SUSPENDED = 50;

    private static final int SUSPENSIONS_PER_SECOND = 10;
    /** Of so many prices one is timed. */
    private static final int SAMPLE = 20;

    private static final long SECOND = 1_000_000_000L;

    private final int perSecond;
    private final int usual;
    private final int seconds;
    private final List<Histogram> suspensions = histograms();
    private final List<Histogram> prices = histograms();
    private final AtomicLongArray worstSuspension;
    private final AtomicLongArray worstPrice;
    private final Map<String, Queue<Long>> suspending = new ConcurrentHashMap<>();
    private final Map<String, Long> sampled = new ConcurrentHashMap<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong seen = new AtomicLong();
    private long worstBacklog;
    /** {@link System#nanoTime} at which the measured part begins. */
    private volatile long start = Long.MAX_VALUE;

    private Burst(int perSecond, int seconds) {
        this.perSecond = perSecond;
        this.usual = Math.max(10, seconds / 2);
        this.seconds = seconds;
        this.worstSuspension = new AtomicLongArray(length());
        this.worstPrice = new AtomicLongArray(length());
    }

    /**
     * @param perSecond prices, as usual
     * @param seconds of the burst; half as many, but at least ten, before and behind it
     */
    static List<Figure> measure(Map<String, String> set, int perSecond, int seconds) throws Exception {
        Burst burst = new Burst(perSecond, seconds);
        double drained = burst.run(set);
        burst.plot();
        String rate = String.format(Locale.ROOT, "%,d", perSecond);
        String more = String.format(Locale.ROOT, "%,d", TIMES * perSecond);
        System.out.printf(
                Locale.ROOT,
                "  %,d records/s, then %,d/s for %d s: at worst %,d behind, all read %.1f s after the burst%n",
                perSecond,
                TIMES * perSecond,
                seconds,
                burst.worstBacklog,
                drained);
        return List.of(
                Figure.latency("suspension, intended -> Redis, before, " + rate + "/s", burst.suspensions.get(0)),
                Figure.latency("  in the burst, " + more + "/s", burst.suspensions.get(1)),
                Figure.latency("  after it, " + rate + "/s", burst.suspensions.get(2)),
                Figure.latency("price, intended -> Redis, before", burst.prices.get(0)),
                Figure.latency("  in the burst", burst.prices.get(1)),
                Figure.latency("  after it", burst.prices.get(2)));
    }

    private int length() {
        return 2 * usual + seconds;
    }

    /** Returns how many seconds after the burst all of it had been read. */
    private double run(Map<String, String> set) throws Exception {
        try (Rig rig = new Rig(Map.of("market.minQuotes", "1"), set)) {
            rig.startMarketJob();
            KafkaProducer<String, byte[]> many = rig.producer(true);
            KafkaProducer<String, byte[]> few = rig.producer(false);
            Load load = new Load(MATCHES);
            Load others = new Load(SUSPENDED);
            for (int m = 0; m < MATCHES; m++) {
                Load.append(many, load.match(m), load.fixture(load.match(m)));
            }
            for (int m = 0; m < SUSPENDED; m++) {
                Load.append(few, suspended(m), others.fixture(suspended(m)));
                suspending.put(suspended(m), new ConcurrentLinkedQueue<>());
            }
            sent.set(MATCHES);
            rig.opened(new Watch(rig.redis.uri(), SHARDS, this::saw));
            awaitAll("the warm-up's matches");
            OpenSchedule.run(TIMES * perSecond / 2, WARM_UP_SECONDS, (n, intended) -> send(many, load, intended));
            awaitAll("the warm-up");
            return measured(many, few, load, others);
        }
    }

    private double measured(
            KafkaProducer<String, byte[]> many, KafkaProducer<String, byte[]> few, Load load, Load others)
            throws Exception {
        long begin = System.nanoTime() + SECOND / 2;
        start = begin;
        Thread suspender = new Thread(() -> suspend(begin, few, others), "suspender");
        suspender.setDaemon(true);
        suspender.start();
        progress("as usual");
        OpenSchedule.run(begin, perSecond, usual, (n, intended) -> send(many, load, intended));
        progress("burst");
        long burst = begin + usual * SECOND;
        OpenSchedule.run(burst, TIMES * perSecond, seconds, (n, intended) -> {
            send(many, load, intended);
            if (n % (TIMES * perSecond * 5) == 0 && n > 0) {
                progress("burst");
            }
        });
        long due = sent.get();
        long end = System.nanoTime();
        CompletableFuture<Long> drained = CompletableFuture.supplyAsync(() -> {
            Rig.await("the burst", Duration.ofMinutes(5), () -> seen.get() >= due);
            return System.nanoTime();
        });
        OpenSchedule.run(burst + seconds * SECOND, perSecond, usual, (n, intended) -> send(many, load, intended));
        suspender.join();
        awaitAll("the last prices");
        Rig.await(
                "the last suspensions",
                Duration.ofMinutes(1),
                () -> suspending.values().stream().allMatch(Queue::isEmpty));
        progress("drained");
        return (drained.get() - end) / 1e9;
    }

    private void send(KafkaProducer<String, byte[]> producer, Load load, long intended) {
        Load.Change change = load.next();
        long number = sent.incrementAndGet();
        if (number % SAMPLE == 0 && intended >= start) {
            sampled.put(change.match() + " " + change.price(), intended);
        }
        Load.append(producer, change.match(), change.record());
        worstBacklog = Math.max(worstBacklog, intended >= start ? number - seen.get() : 0);
    }

    private void suspend(long begin, KafkaProducer<String, byte[]> producer, Load load) {
        try {
            OpenSchedule.run(begin, SUSPENSIONS_PER_SECOND, length(), (n, intended) -> {
                String match = suspended(n % SUSPENDED);
                Queue<Long> waiting = suspending.get(match);
                if (waiting != null) {
                    waiting.add(intended);
                }
                Load.append(producer, match, load.gone(match));
                String other = suspended((n + SUSPENDED / 2) % SUSPENDED);
                if (n >= SUSPENDED / 2) {
                    Load.append(producer, other, load.back(other));
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException("suspending", e);
        }
    }

    private static String suspended(int m) {
        return "oddsapi:suspended" + m;
    }

    private void saw(MarketUpdate update, long nanos) {
        Queue<Long> waiting = suspending.get(update.match());
        if (waiting == null) {
            seen.incrementAndGet();
            Long intended = sampled.remove(update.match() + " " + update.set().get("h2h/home"));
            if (intended != null) {
                note(prices, worstPrice, intended, nanos);
            }
        } else if ("suspended".equals(update.set().get("h2h/@status"))) {
            Long intended = waiting.poll();
            if (intended != null) {
                note(suspensions, worstSuspension, intended, nanos);
            }
        }
    }

    private void note(List<Histogram> phases, AtomicLongArray worst, long intended, long nanos) {
        int second = (int) Math.min(length() - 1L, (intended - start) / SECOND);
        long micros = Math.max(1, (nanos - intended) / 1_000);
        phases.get(second < usual ? 0 : second < usual + seconds ? 1 : 2).recordValue(micros);
        worst.accumulateAndGet(second, micros, Math::max);
    }

    private void awaitAll(String what) {
        Rig.await(what, Duration.ofMinutes(5), () -> seen.get() >= sent.get());
    }

    private void progress(String phase) {
        System.out.printf(
                Locale.ROOT,
                "  %4.0f s  %-8s  %,9d records sent, %,7d not yet read; worst suspension so far %,.0f ms%n",
                (System.nanoTime() - start) / 1e9,
                phase,
                sent.get(),
                sent.get() - seen.get(),
                suspensions.stream().mapToLong(Histogram::getMaxValue).max().orElse(0) / 1e3);
    }

    private void plot() throws Exception {
        Plot plot = new Plot(
                        String.format(Locale.ROOT, "%,d records/s, and ten times that for %d s", perSecond, seconds),
                        "seconds; worst of each",
                        "ms")
                .overTime(length());
        for (int second = 0; second < length(); second++) {
            if (worstSuspension.get(second) > 0) {
                plot.point("suspension, intended to Redis", second, worstSuspension.get(second) / 1e3);
            }
            if (worstPrice.get(second) > 0) {
                plot.point("price, intended to Redis", second, worstPrice.get(second) / 1e3);
            }
        }
        Path directory = Files.createDirectories(Rig.project("touchline").resolveSibling("target/bench"));
        plot.write(directory.resolve("burst.svg"));
    }

    private static List<Histogram> histograms() {
        List<Histogram> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            three.add(new SynchronizedHistogram(3));
        }
        return three;
    }
}
