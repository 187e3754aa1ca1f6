package touchline.simulator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import touchline.simulator.RedisModel.Head;
import touchline.simulator.RedisShard.Stored;
import touchline.simulator.RedisShard.StreamEntry;

/**
 * A relay's follower of one shard, as ShardTail and Chain are: the images first, then the stream from where it ended before
 * them; each entry must name the one before it; a look at the shard's head tells whether entries are missing, and a beat is
 * told only when all entries up to there have been.
 */
final class Follower {

    private static final int PAGE = 4;
    private static final int LOOK_MS = 300;
    private static final int WAIT_MS = 500;
    private static final int AGAIN_MS = 150;

    private record Ahead(Head head, long asked) {}

    private final RelayModel relay;
    private final Chain chain;
    private final int shard;
    private long told;
    /** All that was told since the images. */
    private final Set<Long> passed = new HashSet<>();

    private long read;
    private long stray;
    private @Nullable Ahead ahead;
    /** Raised whenever what is known becomes void. */
    private int era;

    private boolean loading;
    private long reads;
    private boolean waiting;

    Follower(RelayModel relay, int shard) {
        this.relay = relay;
        this.chain = relay.chain;
        this.shard = shard;
    }

    void start() {
        load();
        look();
    }

    // The images.

    private void load() {
        int mine = ++era;
        loading = true;
        waiting = false;
        ahead = null;
        stray = 0;
        relay.in(chain.upTo(6), () -> begin(mine));
    }

    private void begin(int mine) {
        if (mine != era) {
            return;
        }
        Head head = chain.redis.isDown() ? null : chain.redis.head(shard);
        if (head == null) {
            relay.in(AGAIN_MS, () -> begin(mine));
            return;
        }
        relay.in(chain.upTo(6), () -> {
            List<String> matches =
                    new ArrayList<>(chain.redis.shard(shard).hashes.keySet());
            image(mine, head, matches, 0);
        });
    }

    private void image(int mine, Head head, List<String> matches, int next) {
        if (mine != era) {
            return;
        }
        if (chain.redis.isDown()) {
            relay.in(AGAIN_MS, () -> begin(mine));
        } else if (next < matches.size()) {
            Stored stored = chain.redis.hash(matches.get(next));
            relay.in(chain.upTo(6), () -> {
                if (mine == era && stored != null) {
                    take(matches.get(next), stored);
                }
                image(mine, head, matches, next + 1);
            });
        } else {
            told = head.last();
            read = head.last();
            passed.clear();
            passed.add(told);
            loading = false;
            relay.complete(shard, new HashSet<>(matches));
            ask();
        }
    }

    private void take(String match, Stored stored) {
        if (!relay.take(stored.image(match))) {
            doubt(match);
        }
    }

    /** What is held of a match does not fit: its hash is read again, and the rest goes on. */
    private void doubt(String match) {
        int mine = era;
        relay.in(AGAIN_MS, () -> {
            Stored stored = chain.redis.isDown() ? null : chain.redis.hash(match);
            if (mine == era && stored != null) {
                take(match, stored);
            } else if (mine == era) {
                doubt(match);
            }
        });
    }

    // The stream.

    private void ask() {
        int mine = era;
        long asked = ++reads;
        waiting = true;
        if (!chain.redis.read(shard, read, 1).isEmpty()) {
            grown();
        } else {
            relay.in(WAIT_MS, () -> {
                if (mine == era && waiting && asked == reads) {
                    answer(mine);
                }
            });
        }
    }

    /** An entry came for which a read waits. */
    void grown() {
        if (waiting) {
            waiting = false;
            int mine = era;
            relay.in(chain.upTo(10), () -> answer(mine));
        }
    }

    private void answer(int mine) {
        if (mine != era) {
            return;
        }
        waiting = false;
        if (chain.redis.isDown()) {
            relay.in(AGAIN_MS, () -> {
                if (mine == era) {
                    ask();
                }
            });
            return;
        }
        List<StreamEntry> page = chain.redis.read(shard, read, PAGE);
        Ahead seen = ahead;
        if (page.isEmpty() && seen != null && reads > seen.asked && told < seen.head.last()) {
            if (chain.has(Flaw.TRIMMED_IS_SKIPPED)) {
                told = seen.head.last();
                read = told;
            } else {
                again("trimmed");
                return;
            }
        }
        for (StreamEntry entry : page) {
            read = entry.id();
            boolean follows =
                    entry.prev() == told || (chain.has(Flaw.TRIMMED_IS_SKIPPED) && chain.redis.isFirst(shard, entry));
            if (follows || chain.has(Flaw.NO_PREDECESSOR_CHECK)) {
                if (ahead != null && told < ahead.head.last() && ahead.head.last() < entry.id()) {
                    // The entry that it vouched up to was lost: what was written again may come behind this one.
                    ahead = null;
                }
                told = entry.id();
                passed.add(told);
                stray = 0;
                if (!relay.take(entry.update())) {
                    doubt(entry.update().match());
                }
            } else if (stray == 0) {
                stray = entry.id();
                lookNow();
            }
        }
        beat();
        ask();
    }

    // The head.

    private void look() {
        lookNow();
        relay.in(LOOK_MS, this::look);
    }

    private void lookNow() {
        if (loading) {
            return;
        }
        int mine = era;
        long then = told;
        long strayThen = stray;
        relay.in(chain.upTo(6), () -> {
            if (chain.redis.isDown()) {
                return;
            }
            Head head = chain.redis.head(shard);
            relay.in(chain.upTo(6), () -> {
                if (mine == era) {
                    seen(then, strayThen, head);
                }
            });
        });
    }

    private void seen(long then, long strayThen, @Nullable Head head) {
        boolean blind = chain.has(Flaw.NO_PREDECESSOR_CHECK);
        if (head == null) {
            again("gone");
        } else if (head.last() < then && !blind) {
            again("set back");
        } else if (stray != 0 && stray == strayThen && head.last() >= stray) {
            again("gap");
        } else {
            if (stray == strayThen) {
                stray = 0;
            }
            if (chain.has(Flaw.BEAT_TOLD_AT_ONCE)) {
                relay.beat(shard, head);
                return;
            }
            if (head.last() < told && !passed.contains(head.last())) {
                return;
            }
            if (ahead == null || head.last() <= told) {
                ahead = new Ahead(head, reads);
            }
            beat();
        }
    }

    private void beat() {
        Ahead seen = ahead;
        if (seen != null && told >= seen.head.last()) {
            ahead = null;
            relay.beat(shard, seen.head);
        }
    }

    private void again(String why) {
        if (chain.trace.on) {
            chain.trace.say("", relay + " reads shard " + shard + " again: " + why);
        }
        load();
    }
}
