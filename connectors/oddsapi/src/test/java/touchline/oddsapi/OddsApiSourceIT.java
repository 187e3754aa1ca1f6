package touchline.oddsapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import touchline.feed.Polled;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.Seq;
import touchline.sandbox.Await;
import touchline.sandbox.FakeOddsFeed;
import touchline.sandbox.FlinkServer;
import touchline.sandbox.OddsApiServer;
import touchline.sandbox.OddsFault;
import touchline.sandbox.OddsTerms;

/** The source in a real cluster, against the stand-in of the vendor. */
class OddsApiSourceIT {

    /** Fifty polls a second would else be stretched, so that the credits last to the end of the month. */
    private static final long PLENTY = 1_000_000_000_000L;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String START = "2026-06-20T19:00:00Z";
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);

    private static FlinkServer flink;

    @TempDir
    private Path directory;

    private final FakeOddsFeed feed = new FakeOddsFeed();
    private final OddsApiServer vendor =
            OddsApiServer.start(0, feed, new OddsTerms("the-key", PLENTY, 10_000), System::currentTimeMillis);

    @BeforeAll
    static void startFlink() {
        Configuration settings = new Configuration();
        settings.setString("restart-strategy.type", "fixed-delay");
        settings.setString("restart-strategy.fixed-delay.attempts", "3");
        settings.setString("restart-strategy.fixed-delay.delay", "10 ms");
        flink = FlinkServer.start(0, settings);
    }

    @AfterAll
    static void stopFlink() {
        flink.close();
    }

    @BeforeEach
    void listTwoMatches() {
        Recorder.reset();
        feed.odds("soccer_epl", "[" + event(A) + "," + event(B) + "]");
        feed.scores("soccer_epl", """
                [{"id":"%s","sport_key":"soccer_epl","commence_time":"%s","home_team":"Bears","away_team":"Lions",
                "completed":false,"scores":[{"name":"Bears","score":"1"},{"name":"Lions","score":"0"}],
                "last_update":"2026-06-20T19:30:00Z"}]""".formatted(A, START));
    }

    @AfterEach
    void close() {
        vendor.close();
    }

    @Test
    void risesOverACrashAndReportsWhatVanished() throws IOException {
        JobID job = flink.submit(graph(1).getStreamGraph());
        await(
                "three checkpoints after both matches were heard",
                () -> Recorder.checkpoints.get() >= 3 && heard("oddsapi/odds").size() >= 4);
        long before = heard("oddsapi/odds").get(0).seq().generation();

        feed.odds("soccer_epl", "[" + event(A) + "]");
        Recorder.crash.set(true);
        await(
                "a higher generation",
                () -> last("oddsapi/odds").seq().generation() > before
                        && last("oddsapi/scores").seq().generation() > before);
        await(
                "the missing match",
                () -> heard("oddsapi/odds").stream()
                        .anyMatch(polled -> polled.match().equals("oddsapi:" + B)
                                && polled.view().missing()));
        flink.cancel(job);

        assertThat(Recorder.crash).isFalse();
        Map<String, Seq> last = new HashMap<>();
        for (OddsApiEvent event : Recorder.events()) {
            Polled polled = ((OddsApiEvent.Heard) event).polled();
            Seq was = last.put(polled.source() + polled.match(), polled.seq());
            assertThat(was == null || was.compareTo(polled.seq()) < 0)
                    .as("%s after %s", polled, was)
                    .isTrue();
        }
        assertThat(heard("oddsapi/scores").get(0).view().score())
                .extracting(score -> score.home() + ":" + score.away())
                .isEqualTo("1:0");
    }

    @Test
    void keepsRunningWhateverTheVendorAnswers() throws IOException {
        List<OddsFault> faults = new ArrayList<>();
        for (String code : List.of("INVALID_KEY", "OUT_OF_USAGE_CREDITS")) {
            faults.add(OddsFault.status(401, code, 2));
        }
        for (int status : new int[] {422, 429, 500, 503}) {
            faults.add(OddsFault.status(status, 2));
        }
        for (OddsFault.Kind kind : OddsFault.Kind.values()) {
            if (kind != OddsFault.Kind.STATUS) {
                faults.add(new OddsFault(kind, 0, "", 10_000, 2, ""));
            }
        }
        JobID job = flink.submit(graph(1).getStreamGraph());

        for (OddsFault fault : faults) {
            int before = heard("oddsapi/odds").size() + heard("oddsapi/scores").size();
            vendor.fault(fault);
            await(
                    "both to be polled again after " + fault,
                    () -> heard("oddsapi/odds").size() + heard("oddsapi/scores").size() > before + 20);
            assertThat(flink.status(job)).isEqualTo(JobStatus.RUNNING);
        }
        flink.cancel(job);

        assertThat(refused()).extracting(Refused::reason).contains(Refusal.NOT_JSON, Refusal.TOO_LARGE);
        assertThat(heard("oddsapi/odds"))
                .as("one attempt was enough")
                .extracting(polled -> polled.seq().generation())
                .containsOnly(heard("oddsapi/odds").get(0).seq().generation());
    }

    @Test
    void refusesToRunMoreThanOnce() throws IOException {
        JobID job = flink.submit(graph(2).getStreamGraph());

        await("the job to fail", () -> flink.status(job) == JobStatus.FAILED);
        assertThatThrownBy(() -> flink.miniCluster()
                        .requestJobResult(job)
                        .get()
                        .toJobExecutionResult(getClass().getClassLoader()))
                .hasStackTraceContaining("setParallelism(1)");
    }

    private StreamExecutionEnvironment graph(int parallelism) throws IOException {
        Path key = Files.writeString(directory.resolve("key"), vendor.apiKey());
        OddsApiConfig config = Configs.of(Map.ofEntries(
                Map.entry("baseUrl", vendor.url()),
                Map.entry("apiKey", "file:" + key),
                Map.entry("livePollMs", "20"),
                Map.entry("upcomingPollMs", "20"),
                Map.entry("scoresPollMs", "20"),
                Map.entry("timeoutMs", "1000"),
                Map.entry("maxBodyBytes", "1000000"),
                Map.entry("retryBaseMs", "5"),
                Map.entry("retryMaxMs", "20"),
                Map.entry("probeMs", "20"),
                Map.entry("refusedRetryMs", "20")));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        env.enableCheckpointing(100);
        env.getConfig().enableObjectReuse();
        env.fromSource(
                        new OddsApiSource(config),
                        WatermarkStrategy.noWatermarks(),
                        "odds api",
                        TypeInformation.of(OddsApiEvent.class))
                .setParallelism(parallelism)
                .process(new Recorder())
                .setParallelism(parallelism)
                .returns(byte[].class)
                .sinkTo(new DiscardingSink<>());
        return env;
    }

    private static String event(String id) {
        return FakeOddsApi.event(id, START, "2");
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        Await.until(what, PATIENCE, condition);
    }

    private static List<Polled> heard(String stream) {
        return Recorder.events().stream()
                .filter(OddsApiEvent.Heard.class::isInstance)
                .map(event -> ((OddsApiEvent.Heard) event).polled())
                .filter(polled -> polled.source().equals(stream))
                .toList();
    }

    private static Polled last(String stream) {
        List<Polled> heard = heard(stream);
        return heard.get(heard.size() - 1);
    }

    private static List<Refused> refused() {
        return Recorder.events().stream()
                .filter(OddsApiEvent.Unusable.class::isInstance)
                .map(event -> ((OddsApiEvent.Unusable) event).refused())
                .toList();
    }

    /** Keeps what passes, as its bytes give it back, and crashes when told to. */
    private static final class Recorder extends ProcessFunction<OddsApiEvent, byte[]> implements CheckpointListener {
        private static final long serialVersionUID = 1L;

        private static final Queue<byte[]> PASSED = new ConcurrentLinkedQueue<>();
        private static final AtomicBoolean crash = new AtomicBoolean();
        private static final AtomicInteger checkpoints = new AtomicInteger();

        static void reset() {
            PASSED.clear();
            crash.set(false);
            checkpoints.set(0);
        }

        static List<OddsApiEvent> events() {
            return PASSED.stream().map(OddsApiEvents::read).toList();
        }

        @Override
        public void processElement(OddsApiEvent event, Context context, Collector<byte[]> out) {
            if (crash.getAndSet(false)) {
                throw new IllegalStateException("the test asked for a crash");
            }
            byte[] bytes = OddsApiEvents.write(event);
            PASSED.add(bytes);
            out.collect(bytes);
        }

        @Override
        public void notifyCheckpointComplete(long checkpoint) {
            checkpoints.incrementAndGet();
        }
    }
}
