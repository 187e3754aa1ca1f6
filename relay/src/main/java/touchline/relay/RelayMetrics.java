package touchline.relay;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * The relay's figures as Prometheus reads them, all named {@code touchline_relay_...}. Counting costs what its {@link
 * Counters} cost; everything else happens when somebody asks.
 */
final class RelayMetrics implements FollowerMetrics {

    /** What is known of one shard; -1 for nothing yet. */
    private static final class ShardFigures {
        private volatile ShardState state = ShardState.LOADING;
        private volatile long beatMs = -1;
        private volatile long delayMs = -1;
    }

    private final Counters counters;
    private final Time time;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Map<Integer, ShardFigures> shards = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> reloads = new ConcurrentHashMap<>();
    private final LongAdder dialled = new LongAdder();

    RelayMetrics(Counters counters, Time time) {
        this.counters = counters;
        this.time = time;
        count("entries", "Entries of streams that were read.", counters.entries::sum);
        count("updates", "Updates that changed a match.", counters.updates::sum);
        count("gaps", "Updates that did not follow on what is held.", counters.gaps::sum);
        count("wrong_sums", "States that were not what their checksums say.", counters.wrongSums::sum);
        count("match_reloads", "Times that one match's image was read again.", counters.doubted::sum);
        count("unreadable", "Entries and hashes in Redis that could not be used.", counters.unreadable::sum);
        count("redis_dials", "Connections to Redis that were attempted.", dialled::sum);
        CounterWithCallback.builder()
                .name("touchline_relay_shard_reloads")
                .help("Times that all images of a shard were read again, by reason.")
                .labelNames("reason")
                .callback(series -> reloads.forEach((reason, count) -> series.call((double) count.sum(), reason)))
                .register(registry);

        gauge("connections", "Open connections of any kind.", counters.connections::get);
        gauge("clients", "Clients that are connected to a stream.", counters.clients::get);
        count("handshakes", "Connections that became clients.", counters.handshakes::sum);
        count("refused", "Connections and handshakes that were refused.", counters.refused::sum);
        count("deliveries", "Messages that went to clients, one by one.", counters.deliveries::sum);
        count("frames", "Frames that went to clients: each is one flush.", counters.frames::sum);
        count("bytes", "Bytes that went to clients.", counters.bytes::sum);
        count("fell_behind", "Times that a client could not be written to.", counters.fellBehind::sum);
        count("slow", "Connections that were closed because nothing was read.", counters.slow::sum);
        count("resumed_by_patch", "Matches that a client resumed by a patch.", counters.resumedByPatch::sum);
        count("resumed_by_image", "Matches that a client resumed by an image.", counters.resumedByImage::sum);
        count("passes", "Passes of the event loops over what they serve.", counters.passes::sum);
        seconds("pass", "Time that these passes took.", counters.passNanos::sum);

        perShard(
                "shard_following",
                "1 while a shard's stream is followed.",
                figures -> figures.state == ShardState.FOLLOWING ? 1 : 0);
        perShard(
                "shard_beat_age_seconds",
                "How far a shard's beat is behind; NaN before the first.",
                figures -> figures.beatMs < 0 ? Double.NaN : (time.wallMs() - figures.beatMs) / 1e3);
        perShard(
                "shard_delay_seconds",
                "From the sink to the relay, of the youngest update.",
                figures -> figures.delayMs < 0 ? Double.NaN : figures.delayMs / 1e3);
        gauge("heap_bytes", "Memory in use.", () -> {
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        });
    }

    /** One that only rises. */
    void count(String name, String help, LongSupplier count) {
        CounterWithCallback.builder()
                .name("touchline_relay_" + name)
                .help(help)
                .callback(series -> series.call((double) count.getAsLong()))
                .register(registry);
    }

    /** One that rises and falls. */
    void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name("touchline_relay_" + name)
                .help(help)
                .callback(series -> series.call(value.getAsDouble()))
                .register(registry);
    }

    private void seconds(String name, String help, LongSupplier nanos) {
        CounterWithCallback.builder()
                .name("touchline_relay_" + name + "_seconds")
                .help(help)
                .callback(series -> series.call(nanos.getAsLong() / 1e9))
                .register(registry);
    }

    private void perShard(String name, String help, ToDoubleFunction<ShardFigures> value) {
        GaugeWithCallback.builder()
                .name("touchline_relay_" + name)
                .help(help)
                .labelNames("shard")
                .callback(series -> shards.forEach(
                        (shard, figures) -> series.call(value.applyAsDouble(figures), Integer.toString(shard))))
                .register(registry);
    }

    /** All of them now, as text. */
    byte[] text() {
        ByteArrayOutputStream text = new ByteArrayOutputStream(16_384);
        try {
            PrometheusTextFormatWriter.create().write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toByteArray();
    }

    @Override
    public void shards(int count) {
        shards.clear();
        for (int shard = 0; shard < count; shard++) {
            shards.put(shard, new ShardFigures());
        }
    }

    @Override
    public void entries(int shard, int count) {
        counters.entries.add(count);
    }

    @Override
    public void published(int shard, long publishedMs) {
        of(shard).delayMs = Math.max(0, time.wallMs() - publishedMs);
    }

    @Override
    public void reload(String reason) {
        reloads.computeIfAbsent(reason, none -> new LongAdder()).increment();
    }

    @Override
    public void doubted() {
        counters.doubted.increment();
    }

    @Override
    public void unreadable() {
        counters.unreadable.increment();
    }

    @Override
    public void dialled() {
        dialled.increment();
    }

    @Override
    public void state(int shard, ShardState state) {
        of(shard).state = state;
    }

    @Override
    public void beat(int shard, long beatMs) {
        of(shard).beatMs = beatMs;
    }

    private ShardFigures of(int shard) {
        return shards.computeIfAbsent(shard, none -> new ShardFigures());
    }
}
