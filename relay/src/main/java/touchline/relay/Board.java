package touchline.relay;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.Shards;

/**
 * Every match as Redis tells of it, each verified against its checksums. Positions only rise: what stands at or below the
 * held position of its epoch changes nothing, whatever Redis lost. One thread writes, any may read.
 */
final class Board implements ShardListener {

    private static final Logger log = LoggerFactory.getLogger(Board.class);

    private static final Pulse UNKNOWN = new Pulse();

    /** Hears which matches changed, on the board's thread. */
    interface Audience {
        void changed(Match match);

        void flush();
    }

    private final Map<String, Match> matches = new ConcurrentHashMap<>();
    private final Map<Integer, Pulse> pulses = new ConcurrentHashMap<>();
    /** Current here, and not listed in Redis when it was looked at last. */
    private final Set<Match> missing = new HashSet<>();

    private final Set<Integer> complete = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Shards shards;
    private final int removedMax;
    private final long leftoverMs;
    private final Time time;
    private final Counters counters;
    private final Audience audience;

    Board(int removedMax, long leftoverMs, Time time, Counters counters, Audience audience) {
        this.removedMax = removedMax;
        this.leftoverMs = leftoverMs;
        this.time = time;
        this.counters = counters;
        this.audience = audience;
    }

    Collection<Match> matches() {
        return Collections.unmodifiableCollection(matches.values());
    }

    @Nullable
    Match match(String id) {
        return matches.get(id);
    }

    /** Where a match is, or would be; of no meaning before it is known how many shards there are. */
    int shardOf(String match) {
        Shards now = shards;
        return now == null ? 0 : now.of(match);
    }

    /** Of a match's shard; of the match itself nothing need be known. */
    Pulse pulse(int shard) {
        return pulses.getOrDefault(shard, UNKNOWN);
    }

    /** Has every shard told all its matches at least once? */
    boolean isComplete() {
        Shards now = shards;
        return now != null && complete.size() >= now.count();
    }

    Map<Integer, Pulse> pulses() {
        return Collections.unmodifiableMap(pulses);
    }

    /** Every shard is being told of now: a match that is not here is nowhere. */
    boolean isWhole() {
        long now = time.wallMs();
        return isComplete() && pulses.values().stream().noneMatch(pulse -> pulse.late(now));
    }

    /**
     * Is there more to know of a match than its shard's beat vouches for? It is of an older generation than the shard's
     * writer, who may never tell of it again, or an update of it could not be taken.
     */
    boolean isBehind(Match match) {
        MatchState state = match.state();
        return state != null
                && (match.isInDoubt()
                        || state.position.generation() < pulse(match.shard()).generation());
    }

    /** Each is late until it is told of; what was known of shards under another count is not worth anything. */
    @Override
    public void shards(int count) {
        complete.clear();
        pulses.clear();
        for (int shard = 0; shard < count; shard++) {
            pulses.put(shard, new Pulse());
        }
        // One that is not told of again is missed where it would be now.
        Shards laid = new Shards(count);
        matches.values().forEach(match -> match.shard(laid.of(match.id)));
        shards = laid;
    }

    @Override
    public boolean update(int shard, MarketUpdate update) {
        return take(shard, update);
    }

    @Override
    public boolean image(int shard, MarketUpdate image) {
        return take(shard, image);
    }

    private boolean take(int shard, MarketUpdate update) {
        Match match = matches.get(update.match());
        MatchState held = match == null ? null : match.state();
        boolean patch = update.kind() == MarketUpdate.Kind.PATCH;
        MatchState next;
        if (held == null || !held.position.sameEpoch(update.position())) {
            if (held != null && update.position().compareTo(held.position) < 0) {
                return true;
            }
            if (patch) {
                counters.gaps.increment();
                if (match != null) {
                    match.refuse(update.position());
                }
                return false;
            }
            next = MatchState.first(update);
        } else {
            Position here = held.position;
            if (update.position().version() <= here.version()) {
                if (match != null) {
                    match.shard(shard);
                    match.missingSince = 0;
                }
                return true;
            }
            if (patch && update.position().version() != here.version() + 1) {
                counters.gaps.increment();
                if (match != null) {
                    match.refuse(update.position());
                }
                return false;
            }
            next = held.with(update, removedMax);
        }
        if (next == null) {
            counters.wrongSums.increment();
            log.warn(
                    "event=checksum_mismatch match={} pos={} kind={}",
                    update.match(),
                    update.position(),
                    update.kind().json());
            if (match != null) {
                match.refuse(update.position());
            }
            return false;
        }
        if (match == null) {
            match = new Match(update.match());
        }
        match.shard(shard);
        match.missingSince = 0;
        pulses.computeIfAbsent(shard, s -> new Pulse()).tells(update.position().generation());
        match.become(next);
        matches.putIfAbsent(match.id, match);
        counters.updates.increment();
        audience.changed(match);
        return true;
    }

    @Override
    public void complete(int shard, Set<String> listed) {
        complete.add(shard);
        long now = time.wallMs();
        for (Match match : List.copyOf(matches.values())) {
            if (match.shard() == shard) {
                MatchState state = match.state();
                if (listed.contains(match.id)) {
                    match.missingSince = 0;
                } else if (state != null && state.ended) {
                    matches.remove(match.id);
                } else if (match.missingSince == 0) {
                    match.missingSince = now;
                    missing.add(match);
                }
            }
        }
    }

    @Override
    public void beat(int shard, long beatMs, long generation) {
        Pulse pulse = pulses.computeIfAbsent(shard, s -> new Pulse());
        pulse.beat(beatMs, generation);
        long now = time.wallMs();
        if (!pulse.late(now)) {
            dropMissing(shard, now);
        }
    }

    /** What a healthy shard has not told of for so long will not come again. */
    private void dropMissing(int shard, long now) {
        for (Match match : List.copyOf(missing)) {
            if (match.missingSince == 0) {
                missing.remove(match);
            } else if (match.shard() == shard && now - match.missingSince > leftoverMs) {
                log.info("event=match_dropped match={} missingMs={}", match.id, now - match.missingSince);
                missing.remove(match);
                matches.remove(match.id);
                match.become(null);
                audience.changed(match);
                audience.flush();
            }
        }
    }

    @Override
    public void away(int shard, String reason) {
        log.warn("event=shard_away shard={} reason=\"{}\"", shard, reason);
    }

    @Override
    public void flush() {
        audience.flush();
    }
}
