package touchline.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import touchline.simulator.RedisShard.Stored;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/**
 * Redis and the way to it: calls may be late, lost or come twice, a failover takes the last writes away, a wipe all of them.
 */
final class RedisModel {

    /** How far back a failover may go, and so what is remembered, ms. */
    private static final int LOSES_MS = 1_500;

    private static final int STREAM_MAX = 14;

    /** One call of a writer. */
    record Call(int shard, long writer, long number, long last, long beat, List<MarketUpdate> updates) {}

    enum Answer {
        OK,
        LOST,
        FENCED,
        GAP,
        DIVERGED,
        OLD_EPOCH
    }

    record Reply(Answer answer, long last, String match, String detail) {}

    /** What a writer gets with its shard. */
    record Claimed(long writer, long last) {}

    /** What a reader sees of a shard at one glance. */
    record Head(long last, long beat, int generation) {}

    private final Chain chain;
    private final RedisShard[] shards = new RedisShard[Chain.SHARDS];
    /** What the replica had, and when. */
    private final List<Deque<Past>> past = new ArrayList<>();

    private record Past(long at, RedisShard shard) {}

    private long downUntil;
    private int lossPercent;
    private int latePercent;
    /** Ids never come twice, as the clock in them sees to. */
    private long ids;

    private long claims;

    RedisModel(Chain chain) {
        this.chain = chain;
        for (int shard = 0; shard < shards.length; shard++) {
            past.add(new ArrayDeque<>());
        }
        wipe();
    }

    boolean isDown() {
        return chain.time.now() < downUntil;
    }

    RedisShard shard(int shard) {
        return shards[shard];
    }

    @Nullable
    Stored hash(String match) {
        return shards[Chain.shardOf(match)].hashes.get(match);
    }

    @Nullable
    Head head(int shard) {
        RedisShard held = shards[shard];
        return held.writer == 0 ? null : new Head(held.last, held.beat, held.generation);
    }

    // What happens to it.

    void down(int ms) {
        downUntil = chain.time.now() + ms;
    }

    void network(int lossPercent, int latePercent) {
        this.lossPercent = lossPercent;
        this.latePercent = latePercent;
    }

    void heal() {
        downUntil = 0;
        network(0, 0);
    }

    void wipe() {
        for (int shard = 0; shard < shards.length; shard++) {
            shards[shard] = new RedisShard(shard);
            past.get(shard).clear();
        }
    }

    /** Somebody has set streams to be shorter than readers may be behind. */
    void trim(int left) {
        for (RedisShard shard : shards) {
            shard.trim(left);
            changed(shard);
        }
    }

    /** The replica takes over, without the last writes. */
    void failover() {
        long cut = chain.time.now() - chain.upTo(LOSES_MS);
        for (RedisShard shard : shards.clone()) {
            RedisShard then = shard;
            for (Past each : past.get(shard.number)) {
                if (then.equals(shard) || each.at <= cut) {
                    then = each.shard;
                }
            }
            if (chain.trace.on) {
                chain.trace.say(
                        "", "redis goes back in shard " + shard.number + " from " + shard.last + " to " + then.last);
            }
            shards[shard.number] = then.copy();
            past.get(shard.number).clear();
            past.get(shard.number).add(new Past(cut, then.copy()));
        }
    }

    private void changed(RedisShard shard) {
        long now = chain.time.now();
        Deque<Past> mine = past.get(shard.number);
        mine.addLast(new Past(now, shard.copy()));
        // The last one that is too old still tells what was there when the next one came.
        Past first = mine.removeFirst();
        while (!mine.isEmpty() && now - mine.getFirst().at > LOSES_MS) {
            first = mine.removeFirst();
        }
        mine.addFirst(first);
    }

    // Its writers.

    /** As open.lua does it; null when what is held is of a higher generation. */
    @Nullable
    Claimed claim(int number, int generation) {
        RedisShard shard = shards[number];
        if (shard.writer > 0 && generation < shard.generation) {
            return null;
        }
        if (generation > shard.generation && !chain.has(Flaw.BEAT_OUTLIVES_GENERATION)) {
            shard.beat = 0;
        }
        // Whoever had claimed it before a failover is somebody else: the script adds a random word.
        shard.writer = ++claims;
        shard.generation = generation;
        shard.call = 0;
        changed(shard);
        return new Claimed(shard.writer, shard.last);
    }

    /** Sends a call on its way; the answer comes, or does not. */
    void call(Call call, Consumer<Reply> answered) {
        arrive(call, answered);
        if (chain.oneIn(25)) {
            arrive(call, reply -> {});
        }
    }

    private void arrive(Call call, Consumer<Reply> answered) {
        boolean late = chain.chance(latePercent);
        int way = late ? chain.upTo(2_000) : chain.upTo(6);
        if (chain.chance(lossPercent)) {
            return;
        }
        chain.time.in(way, () -> {
            if (isDown()) {
                return;
            }
            Reply reply = apply(call);
            if (!chain.chance(lossPercent)) {
                chain.time.in(chain.upTo(6), () -> answered.accept(reply));
            }
        });
    }

    /** As apply.lua does it. */
    private Reply apply(Call call) {
        RedisShard shard = shards[call.shard];
        if (shard.writer == 0) {
            return new Reply(Answer.LOST, 0, "", "nothing is held");
        }
        if (shard.writer != call.writer) {
            Answer answer = shard.writer < call.writer ? Answer.LOST : Answer.FENCED;
            return new Reply(answer, shard.last, "", "writer " + shard.writer + " and not " + call.writer);
        }
        if (shard.last != call.last && shard.call != call.number && !chain.has(Flaw.NO_LAST_ID_CHECK)) {
            return new Reply(Answer.LOST, shard.last, "", "last " + shard.last + " and not " + call.last);
        }
        Reply stop = null;
        boolean applied = false;
        for (MarketUpdate update : call.updates) {
            Stored held = shard.hashes.get(update.match());
            RedisShard.Verdict verdict = shard.judge(held, update, chain);
            if (verdict.stops() != null) {
                stop = new Reply(
                        verdict.stops(),
                        shard.last,
                        update.match(),
                        verdict.stops() + " " + Trace.show(update) + " held "
                                + Trace.show(held == null ? null : held.position()) + " " + verdict.detail());
                break;
            }
            if (verdict.applies() || verdict.again()) {
                applied = true;
                write(shard, update, verdict.applies());
            }
        }
        if (applied) {
            shard.call = call.number;
        }
        if (stop != null) {
            if (applied) {
                changed(shard);
            }
            return stop;
        }
        boolean beats = call.beat > shard.beat;
        if (beats) {
            shard.beat = call.beat;
            shard.trim(STREAM_MAX);
            chain.promises.knownAge.beat(shard, call.beat);
        }
        if (applied || beats) {
            changed(shard);
        }
        return new Reply(Answer.OK, shard.last, "", "");
    }

    private void write(RedisShard shard, MarketUpdate update, boolean appends) {
        if (appends) {
            shard.append(++ids, update);
            for (RelayModel relay : chain.relays) {
                relay.grown(shard.number);
            }
        }
        boolean merges = chain.has(Flaw.IMAGE_MERGED_IN_REDIS);
        Stored before = shard.hashes.get(update.match());
        Stored after = Stored.after(before, update, merges);
        chain.promises.order.moves(
                "redis", update.match(), before == null ? null : before.position(), update.position());
        shard.hashes.put(update.match(), after);
        if (chain.trace.on) {
            chain.trace.say(update.match(), "redis " + (appends ? "+" + shard.last : "=") + " " + Trace.show(update));
        }
        chain.promises.state.stored(update.match(), after);
    }

    /** What a follower reads behind an entry. */
    List<RedisShard.StreamEntry> read(int number, long behind, int count) {
        List<RedisShard.StreamEntry> page = new ArrayList<>(count);
        for (RedisShard.StreamEntry entry : shards[number].stream) {
            if (entry.id() > behind && page.size() < count) {
                page.add(entry);
            }
        }
        return page;
    }

    /** Is there none before it any more? */
    boolean isFirst(int number, RedisShard.StreamEntry entry) {
        List<RedisShard.StreamEntry> stream = shards[number].stream;
        return !stream.isEmpty() && stream.get(0).id() == entry.id();
    }

    /** @return the position at which a match is stored, null when it is not */
    @Nullable
    Position position(String match) {
        Stored stored = hash(match);
        return stored == null ? null : stored.position();
    }
}
