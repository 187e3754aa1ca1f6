package touchline.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import touchline.sandbox.RedisServer;
import touchline.update.Shards;

/** A full log, and a market job that starts at its beginning: how many records a second come out in Redis. */
final class Throughput {

    private static final int SHARDS = 16;
    static final Shards SHARD_KEYS = new Shards(SHARDS);

    private Throughput() {}

    /** What fills the log. */
    interface Filling {
        /** Sends records to the topic {@code feed}; returns how many. */
        long fill(KafkaProducer<String, byte[]> producer) throws Exception;
    }

    static List<Figure> measure(Map<String, String> set, String name, Filling filling) throws Exception {
        List<Figure> figures = new ArrayList<>();
        try (Rig rig =
                new Rig(Map.of("market.minQuotes", "1", "job.bufferMs", "5", "market.freshLiveMs", "36000000"), set)) {
            // The topics are made by a first build of the job; only then can they be filled.
            touchline.jobs.MarketJob.build(rig.environment(), rig.settings());
            KafkaProducer<String, byte[]> producer = rig.producer(true);
            long records = filling.fill(producer);
            List<String> marks = marks(producer, "mark");
            producer.flush();
            figures.add(bareLog("  floor: bare Kafka consumer, " + name, rig, records));
            RedisClient client = RedisClient.create(rig.redis.uri());
            rig.opened(() -> client.shutdown(Duration.ZERO, Duration.ofSeconds(1)));
            RedisCommands<String, String> redis = client.connect().sync();
            long begun = System.nanoTime();
            rig.startMarketJob();
            Rig.await("the first update", Duration.ofSeconds(60), () -> anything(redis));
            long first = System.nanoTime();
            Rig.await("the last update", Duration.ofMinutes(9), () -> done(redis, marks));
            long end = System.nanoTime();
            figures.add(Figure.rate("MarketJob, " + name, records, (end - first) / 1e9));
            figures.add(Figure.rate("MarketJob with its start, " + name, records, (end - begun) / 1e9));
        }
        return figures;
    }

    private static boolean anything(RedisCommands<String, String> redis) {
        for (int shard = 0; shard < SHARDS; shard++) {
            if (redis.exists(SHARD_KEYS.streamKey(shard)) > 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean done(RedisCommands<String, String> redis, List<String> marks) {
        return marks.stream().allMatch(match -> redis.exists(SHARD_KEYS.matchKey(match)) > 0);
    }

    /** One new match behind everything else in every partition: when all are in Redis, the log has been read. */
    static List<String> marks(KafkaProducer<String, byte[]> producer, String name) {
        int partitions = producer.partitionsFor("feed").size();
        String[] marks = new String[partitions];
        Load load = new Load(1);
        for (int missing = partitions, salt = 0; missing > 0; salt++) {
            String match = "oddsapi:" + name + salt;
            int partition = BuiltInPartitioner.partitionForKey(match.getBytes(UTF_8), partitions);
            if (marks[partition] == null) {
                marks[partition] = match;
                Load.append(producer, match, load.fixture(match));
                missing--;
            }
        }
        return List.of(marks);
    }

    private static Figure bareLog(String name, Rig rig, long records) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, rig.kafka.bootstrap());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.partitionsFor("feed").forEach(p -> partitions.add(new TopicPartition("feed", p.partition())));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long begun = System.nanoTime();
            long read = 0;
            while (read < records) {
                read += consumer.poll(Duration.ofSeconds(1)).count();
            }
            return Figure.rate(name, read, (System.nanoTime() - begun) / 1e9);
        }
    }

    /** Changes of one price each. */
    static Filling changes(int matches, int count) {
        return producer -> {
            Load load = new Load(matches);
            for (int m = 0; m < matches; m++) {
                Load.append(producer, load.match(m), load.fixture(load.match(m)));
            }
            for (int i = 0; i < count; i++) {
                Load.Change change = load.next();
                Load.append(producer, change.match(), change.record());
            }
            return (long) matches + count;
        };
    }

    /** The same record again and again. */
    static Filling repeats(int matches, int count) {
        return producer -> {
            Load load = new Load(matches);
            List<Load.Change> old = new ArrayList<>();
            for (int m = 0; m < matches; m++) {
                Load.append(producer, load.match(m), load.fixture(load.match(m)));
                old.add(load.next());
            }
            for (int i = 0; i < count; i++) {
                Load.Change change = old.get(i % matches);
                Load.append(producer, change.match(), change.record());
            }
            return (long) matches + count;
        };
    }

    /** A Lua call that checks a version, sets three fields and appends to a stream; batches, pipelined. */
    static Figure bareLua(int batch, int count) throws Exception {
        String script = "for i = 1, #ARGV, 2 do local v = redis.call('HGET', KEYS[1], '#pos') "
                + "redis.call('HSET', KEYS[1], '#pos', ARGV[i], 'h2h/home', ARGV[i], '#sum/h2h', ARGV[i]) "
                + "redis.call('XADD', KEYS[2], 'MAXLEN', '~', 10000, '*', 'prev', v or '', 'u', ARGV[i + 1]) end return 1";
        try (RedisServer server = RedisServer.start(0)) {
            RedisClient client = RedisClient.create(server.uri());
            try (StatefulRedisConnection<String, String> connection = client.connect()) {
                String sha = connection.sync().scriptLoad(script);
                String update = "x".repeat(300);
                long begun = System.nanoTime();
                Deque<Future<?>> flying = new ArrayDeque<>();
                for (int i = 0; i < count; i += batch) {
                    String[] arguments = new String[batch * 2];
                    for (int j = 0; j < batch; j++) {
                        arguments[2 * j] = Integer.toString(i + j);
                        arguments[2 * j + 1] = update;
                    }
                    String[] keys = {"tl:{0}:m:" + i / batch % 500, "tl:{0}:s"};
                    flying.add(connection.async().evalsha(sha, ScriptOutputType.INTEGER, keys, arguments));
                    if (flying.size() > 16) {
                        flying.remove().get();
                    }
                }
                for (Future<?> future : flying) {
                    future.get();
                }
                return Figure.rate(
                        "  floor: bare Lua, " + batch + " updates a call", count, (System.nanoTime() - begun) / 1e9);
            } finally {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
            }
        }
    }
}
