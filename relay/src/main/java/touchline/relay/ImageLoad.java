package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import touchline.redislink.RedisConnection;
import touchline.update.Shards;

/**
 * Reads all that a shard holds: first where its stream ends, then which matches there are, then their hashes, some at a
 * time, so that other shards are heard in between. A hash may be younger than the end that was read: positions make the
 * overlap harmless. Confined to the mailbox's thread, where it tells its taker what it found, until it is dropped.
 */
final class ImageLoad {

    /** Hashes that are asked for together. */
    private static final int CHUNK = 128;

    /** Hears what was found. */
    interface Taker {
        /** Nothing has been written here yet, or it was wiped. */
        void nothing();

        /** A hash that is there. */
        void hash(String match, Map<String, byte[]> fields);

        /** A hash that Redis does not give, being something else. */
        void refused(String match, String reason);

        /** All has been told. */
        void loaded(ShardHead head, Set<String> matches);

        void failed(Throwable failure);
    }

    private final Line line;
    private final Shards shards;
    private final int shard;
    private final Mailbox mailbox;
    private final Taker taker;
    private boolean dropped;

    ImageLoad(Line line, Shards shards, int shard, Mailbox mailbox, Taker taker) {
        this.line = line;
        this.shards = shards;
        this.shard = shard;
        this.mailbox = mailbox;
        this.taker = taker;
    }

    void begin() {
        on(redis -> ShardHead.read(redis, shards, shard), head -> {
            if (head == null) {
                taker.nothing();
            } else if (head.shards() != shards.count()) {
                taker.failed(new IllegalStateException(
                        "the shard was written as one of " + head.shards() + ", not of " + shards.count()));
            } else {
                index(head);
            }
        });
    }

    /** From here on nothing is told any more. */
    void drop() {
        dropped = true;
    }

    /** The matches of a shard, ended ones included while they are remembered. */
    static CompletionStage<Set<String>> index(RedisConnection<String, byte[]> redis, Shards shards, int shard) {
        return redis.commands().zrange(shards.indexKey(shard), 0, -1).thenApply(members -> {
            Set<String> matches = new HashSet<>();
            for (byte[] member : members) {
                String match = text(member);
                // What somebody else put here has no place in this shard.
                if (shards.of(match) == shard) {
                    matches.add(match);
                }
            }
            return matches;
        });
    }

    private void index(ShardHead head) {
        on(redis -> index(redis, shards, shard), matches -> next(head, matches, new ArrayList<>(matches), 0));
    }

    private void next(ShardHead head, Set<String> matches, List<String> order, int from) {
        if (from >= order.size()) {
            taker.loaded(head, matches);
            return;
        }
        List<String> chunk = order.subList(from, Math.min(order.size(), from + CHUNK));
        on(redis -> hashes(redis, chunk), hashes -> {
            for (int i = 0; i < chunk.size() && !dropped; i++) {
                Hash hash = hashes.get(i);
                if (hash.refusal() != null) {
                    taker.refused(chunk.get(i), hash.refusal());
                } else if (!hash.fields().isEmpty()) {
                    taker.hash(chunk.get(i), hash.fields());
                }
            }
            if (!dropped) {
                next(head, matches, order, from + CHUNK);
            }
        });
    }

    private record Hash(
            Map<String, byte[]> fields, @Nullable String refusal) {}

    private CompletionStage<List<Hash>> hashes(RedisConnection<String, byte[]> redis, List<String> matches) {
        CompletableFuture<List<Hash>> all = CompletableFuture.completedFuture(new ArrayList<>());
        List<CompletionStage<Hash>> asked = new ArrayList<>();
        for (String match : matches) {
            asked.add(redis.commands()
                    .hgetall(shards.matchKey(match))
                    .thenApply(fields -> new Hash(fields, null))
                    .exceptionallyCompose(e -> Line.isAnswer(e)
                            ? CompletableFuture.completedStage(new Hash(Map.of(), Line.reason(e)))
                            : CompletableFuture.failedStage(e)));
        }
        for (CompletionStage<Hash> one : asked) {
            all = all.thenCombine(one, (list, hash) -> {
                list.add(hash);
                return list;
            });
        }
        return all;
    }

    private <T> void on(Function<RedisConnection<String, byte[]>, CompletionStage<T>> question, Consumer<T> then) {
        line.ask(question)
                .whenComplete((answer, failure) -> mailbox.post(() -> {
                    if (dropped) {
                        return;
                    }
                    if (failure != null) {
                        taker.failed(failure);
                    } else {
                        then.accept(answer);
                    }
                }));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
