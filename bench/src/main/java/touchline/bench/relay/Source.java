package touchline.bench.relay;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import touchline.update.Shards;

/**
 * Matches whose prices change, written to Redis as the market job's sink writes them, with its own scripts. What it says
 * carries the time at which it was meant to be said.
 */
final class Source implements AutoCloseable {

    private final RedisClient client;
    private final RedisAsyncCommands<byte[], byte[]> redis;
    private final ScheduledExecutorService beats;
    private final Shards shards;
    private final List<Line> lines = new ArrayList<>();
    private final List<Fixture> fixtures = new ArrayList<>();
    /** From the intended time until Redis has confirmed it. */
    private final Histogram confirmed = new SynchronizedHistogram(Tally.HIGHEST_MICROS, 3);

    /** Claims every shard, and begins the matches. */
    Source(String uri, int shardCount, int matches, Clock clock) throws InterruptedException, ExecutionException {
        client = RedisClient.create(uri);
        StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
        redis = connection.async();
        shards = new Shards(shardCount);
        String count = Integer.toString(shardCount);
        redis.set(Line.bytes(Shards.COUNT_KEY), Line.bytes(count)).get();
        String open = redis.scriptLoad(script("open.lua")).get();
        String apply = redis.scriptLoad(script("apply.lua")).get();
        for (int shard = 0; shard < shardCount; shard++) {
            byte[][] keys = {
                Line.bytes(shards.metaKey(shard)),
                Line.bytes(shards.prefix(shard) + "probe"),
                Line.bytes(shards.streamKey(shard)),
                Line.bytes(shards.indexKey(shard)),
                Line.bytes(shards.beatKey(shard))
            };
            List<Object> reply = redis.<List<Object>>evalsha(
                            open,
                            ScriptOutputType.MULTI,
                            keys,
                            Line.bytes(count),
                            Line.bytes("1"),
                            Line.bytes("bench"),
                            Line.bytes("bench"),
                            Line.bytes("bench"))
                    .get();
            lines.add(new Line(
                    redis, apply, shards, shard, Line.text(reply.get(1)), Line.text(reply.get(2)), clock, confirmed));
        }
        long created = System.currentTimeMillis();
        for (int match = 0; match < matches; match++) {
            Fixture fixture = new Fixture(match, created);
            fixtures.add(fixture);
            line(fixture).add(fixture.image(), 0);
        }
        lines.forEach(Line::pump);
        beats = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "beats");
            thread.setDaemon(true);
            return thread;
        });
        var unused = beats.scheduleAtFixedRate(() -> lines.forEach(Line::pump), 50, 50, TimeUnit.MILLISECONDS);
        awaitConfirmed();
    }

    int matches() {
        return fixtures.size();
    }

    Histogram confirmed() {
        return confirmed;
    }

    /** The prices of so many matches, from the given one on, change together. */
    void prices(int first, int count, long stamp) {
        Set<Line> touched = new HashSet<>();
        for (int i = 0; i < count; i++) {
            Fixture fixture = fixtures.get((first + i) % fixtures.size());
            Line line = line(fixture);
            line.add(fixture.price(stamp), stamp);
            touched.add(line);
        }
        touched.forEach(Line::pump);
    }

    void suspend(int match, long stamp) {
        Fixture fixture = fixtures.get(match);
        line(fixture).add(fixture.suspend(stamp), stamp);
        line(fixture).pump();
    }

    void open(int match) {
        Fixture fixture = fixtures.get(match);
        line(fixture).add(fixture.open(), 0);
        line(fixture).pump();
    }

    void awaitConfirmed() {
        Pause.until(
                "Redis to confirm all",
                Duration.ofMinutes(1),
                () -> lines.stream().allMatch(Line::isIdle));
    }

    /** What Redis holds, read from there: a line a match, its position and its sums. */
    void writeExpected(Path file) throws IOException, InterruptedException, ExecutionException {
        List<String> text = new ArrayList<>();
        for (Fixture fixture : fixtures) {
            Map<String, String> hash = new TreeMap<>();
            redis.hgetall(Line.bytes(shards.matchKey(fixture.name())))
                    .get()
                    .forEach((field, value) -> hash.put(Line.text(field), Line.text(value)));
            StringBuilder line = new StringBuilder(fixture.name()).append(' ').append(hash.get("#pos"));
            hash.forEach((field, value) -> {
                if (field.startsWith("#sum/")) {
                    line.append(' ').append(field.substring(5)).append('=').append(value);
                }
            });
            text.add(line.toString());
        }
        Files.write(file, text);
    }

    private Line line(Fixture fixture) {
        return lines.get(shards.of(fixture.name()));
    }

    private static byte[] script(String name) {
        try (InputStream in = Source.class.getResourceAsStream("/touchline/redis/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " of connectors/redis is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    @Override
    public void close() {
        beats.shutdownNow();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
