package touchline.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BoardTest {

    @Test
    void showsEverythingThatANewcomerLooksFor() {
        assertThat(String.join("\n", new Board(false).render(figures(), 110, 60)))
                .isEqualTo("""
                        Touchline   up 1:02:03   Ctrl-C ends it

                          Flink       http://127.0.0.1:8081
                          SQL         ./touchline psql

                        sources
                          odds API    ok    open; 1,234 polls, 2 failed, last answer 310 ms ago; 999,000 credits left
                          operators   AWAY  heartbeat 5,000 ms old, 2 ms behind; no slot yet
                        jobs
                          MarketJob   running   3,600 checkpoints, last took 48 ms, 0 restarts
                          IngestJob   restarting 12 checkpoints, last took -, 1 failed, 2 restarts
                        updates   12,345 in all, 42/s; last 5 s, ms
                          source -> ingest      ingest -> log         log -> decided
                          p50 310  p99 1,200    p50 1  p99 4          -
                          decided -> published  published -> read     ingest -> read
                          -                     -                     p50 5  p99 21
                        promises
                          12,345 positions read: 0 gaps, 0 repeats, 0 steps back, 0 bad sums, 0 lost; beat 180 ms old
                        refused
                          price_out_of_bounds 3  unknown_match 1,001
                        matches   1 live, 7 upcoming, 2 ended; markets 19 open, 3 suspended
                          Reds                                    Blues 1:0     1.85  3.4  4.2""");
    }

    @Test
    void fitsANarrowAndLowTerminal() {
        List<String> lines = new Board(false).render(figures(), 40, 10);

        assertThat(lines).hasSize(10).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(40));
    }

    @Test
    void aLowTerminalShowsAMatchRatherThanEveryAddress() {
        List<String> lines = new Board(false).render(figures(), 80, 22);

        assertThat(lines).hasSizeLessThanOrEqualTo(22);
        assertThat(lines.get(lines.size() - 1)).contains("Reds").contains("1:0");
        assertThat(lines).doesNotContain("");
    }

    @Test
    void paintsABrokenPromiseRed() {
        Figures good = figures();
        Figures bad = new Figures(
                good.up(),
                good.addresses(),
                good.sources(),
                good.matches(),
                good.live(),
                good.updates(),
                good.updatesPerSecond(),
                good.stages(),
                good.refused(),
                good.jobs(),
                new Figures.Readers(10, 1, 0, 0, 0, 0, 5));

        assertThat(new Board(true).render(bad, 110, 60))
                .anySatisfy(line -> assertThat(line).startsWith("\u001b[31m").contains("1 gaps"));
        assertThat(new Board(true).render(good, 110, 60))
                .anySatisfy(line -> assertThat(line).startsWith("\u001b[32m").contains("0 gaps"));
    }

    @Test
    void saysItInOneLineWhereThereIsNoTerminal() {
        assertThat(new Board(false).line(figures()))
                .isEqualTo("up=1:02:03 live=1 upcoming=7 updates=12345 perSecond=42 ingestToRead=5/21ms refused=1004"
                        + " broken=0 MarketJob=running/3600cp/0r IngestJob=restarting/12cp/2r");
    }

    static Figures figures() {
        Map<Stage, StageTimes.Percentiles> stages = new EnumMap<>(Stage.class);
        stages.put(Stage.SOURCE_TO_INGEST, new StageTimes.Percentiles(310, 1200, 9));
        stages.put(Stage.INGEST_TO_LOG, new StageTimes.Percentiles(1, 4, 9));
        stages.put(Stage.INGEST_TO_READ, new StageTimes.Percentiles(5, 21, 9));
        return new Figures(
                Duration.ofSeconds(3723),
                List.of(
                        new Figures.Address("Flink", "http://127.0.0.1:8081"),
                        new Figures.Address("SQL", "./touchline psql")),
                List.of(
                        new Figures.Source(
                                "odds API",
                                true,
                                "open; 1,234 polls, 2 failed, last answer 310 ms ago; 999,000 credits left"),
                        new Figures.Source("operators", false, "heartbeat 5,000 ms old, 2 ms behind; no slot yet")),
                new Scoreboard.Counts(1, 7, 2, 19, 3),
                List.of(new Scoreboard.Line("m:1", "Reds", "Blues", "1:0", "1.85  3.4  4.2", true)),
                12_345,
                42.4,
                stages,
                new TreeMap<>(Map.of("unknown_match", 1001L, "price_out_of_bounds", 3L)),
                List.of(
                        new Figures.Job("MarketJob", "RUNNING", 3600, 48, 0, 0),
                        new Figures.Job("IngestJob", "RESTARTING", 12, -1, 1, 2)),
                new Figures.Readers(12_345, 0, 0, 0, 0, 0, 180));
    }
}
