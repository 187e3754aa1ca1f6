package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import touchline.sandbox.RedisServer;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

/**
 * Prints updates per second of a bare script, of the contract's script with calls made beforehand, and of the writer;
 * and the CPU time of Redis for each update, which also holds on a machine that does other things.
 */
final class WriterBench {

    private static final int MATCHES = 1_000;
    private static final int ROUNDS = 200;

    private WriterBench() {}

    public static void main(String[] args) throws Exception {
        try (RedisServer server = RedisServer.start(0)) {
            RedisConfig config = Desk.config("uri=" + server.uri(), "shards=16", "beatMs=250", "timeoutMs=60000");
            for (int i = 0; i < 3; i++) {
                print(server, "floor: a version, 3 fields, a stream", () -> floor(config));
                print(server, "apply.lua, calls of " + config.batchMax(), () -> bare(config));
                print(server, "writer", () -> writer(config));
            }
        }
    }

    private static void print(RedisServer server, String what, Callable<Double> run) throws Exception {
        server.command("FLUSHALL");
        double before = cpuSeconds(server);
        double rate = run.call();
        double cpu = (cpuSeconds(server) - before) * 1e6 / (MATCHES * ROUNDS);
        System.out.printf("%-36s %,9.0f updates/s   %5.2f us of Redis CPU each%n", what, rate, cpu);
    }

    private static double cpuSeconds(RedisServer server) {
        return server.command("INFO", "cpu")
                .lines()
                .filter(line -> line.startsWith("used_cpu_user:") || line.startsWith("used_cpu_sys:"))
                .mapToDouble(line ->
                        Double.parseDouble(line.substring(line.indexOf(':') + 1).strip()))
                .sum();
    }

    private static double writer(RedisConfig config) throws Exception {
        List<MarketUpdate> updates = updates();
        try (Desk desk = new Desk(config)) {
            long start = System.nanoTime();
            for (MarketUpdate update : updates) {
                desk.write(update);
            }
            desk.flush();
            return updates.size() * 1e9 / (System.nanoTime() - start);
        }
    }

    private static double bare(RedisConfig config) throws Exception {
        List<MarketUpdate> updates = updates();
        Shards shards = new Shards(1);
        RedisLink link = RedisLink.open(config);
        try {
            RedisConfig one = Desk.config("uri=" + config.uri(), "shards=1");
            ShardLine line =
                    new Claim(one, shards, Desk.LINEAGE).of(List.of(0), link).get(0);
            List<Call> calls = new ArrayList<>();
            for (int at = 0; at < updates.size(); at += config.batchMax()) {
                List<MarketUpdate> batch = updates.subList(at, Math.min(at + config.batchMax(), updates.size()));
                // Always the same call number: whatever the end of the stream is by then, it is this call again.
                calls.add(new Call(shards, one, 0, line.writer(), 1, "0-0", -1, 5, batch));
            }
            Call first = new Call(shards, one, 0, line.writer(), 1, "0-0", -1, 5, List.of());
            link.call(Script.APPLY, first.keys(), first.args())
                    .toCompletableFuture()
                    .join();
            long start = System.nanoTime();
            List<CompletableFuture<Reply>> out = new ArrayList<>();
            for (Call call : calls) {
                out.add(link.call(Script.APPLY, call.keys(), call.args()).toCompletableFuture());
            }
            for (CompletableFuture<Reply> reply : out) {
                if (!reply.join().first().equals("OK")) {
                    throw new IllegalStateException(reply.join().toString());
                }
            }
            return updates.size() * 1e9 / (System.nanoTime() - start);
        } finally {
            link.close();
        }
    }

    /** The least that could do: no checks but the version, nothing but three fields. */
    private static double floor(RedisConfig config) {
        String text = """
                for i = 2, #KEYS do
                  local at = (i - 2) * 8
                  if tonumber(redis.call('HGET', KEYS[i], 'v') or '0') < tonumber(ARGV[at + 2]) then
                    redis.call('HSET', KEYS[i], unpack(ARGV, at + 1, at + 8))
                    redis.call('XADD', KEYS[1], '*', 'u', ARGV[at + 8])
                  end
                end
                return {'OK'}
                """;
        RedisClient client = RedisClient.create(config.uri());
        try {
            var redis = client.connect(ByteArrayCodec.INSTANCE).async();
            String digest = redis.scriptLoad(text).toCompletableFuture().join();
            byte[] payload = new byte[330];
            List<byte[][]> keys = new ArrayList<>();
            List<byte[][]> values = new ArrayList<>();
            int total = MATCHES * ROUNDS;
            for (int at = 0; at < total; ) {
                List<byte[]> key = new ArrayList<>(List.of("{0}s".getBytes(UTF_8)));
                List<byte[]> value = new ArrayList<>();
                for (int n = 0; n < config.batchMax() && at < total; n++, at++) {
                    key.add(("{0}m:" + at % MATCHES).getBytes(UTF_8));
                    for (String word : List.of("v", Integer.toString(at / MATCHES + 1), "a", "1.85", "b", "2.1", "c")) {
                        value.add(word.getBytes(UTF_8));
                    }
                    value.add(payload);
                }
                keys.add(key.toArray(new byte[0][]));
                values.add(value.toArray(new byte[0][]));
            }
            long start = System.nanoTime();
            List<CompletableFuture<?>> out = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                out.add(redis.evalsha(digest, ScriptOutputType.MULTI, keys.get(i), values.get(i))
                        .toCompletableFuture());
            }
            out.forEach(CompletableFuture::join);
            return total * 1e9 / (System.nanoTime() - start);
        } finally {
            client.shutdown();
        }
    }

    private static List<MarketUpdate> updates() {
        List<Book> books = new ArrayList<>();
        List<MarketUpdate> updates = new ArrayList<>();
        for (int i = 0; i < MATCHES; i++) {
            Book book = new Book("manual:" + i, 1, 5);
            books.add(book);
            updates.add(book.begin(Map.of("match/home", "Home", "match/phase", "live", "h2h/home", "2.5")));
        }
        for (int round = 1; round < ROUNDS; round++) {
            for (Book book : books) {
                Map<String, @Nullable String> changes = new TreeMap<>();
                changes.put("h2h/home", "1." + round);
                changes.put("h2h/draw", "2." + round);
                changes.put("h2h/away", "3." + round);
                updates.add(book.patch(changes));
            }
        }
        return updates;
    }
}
