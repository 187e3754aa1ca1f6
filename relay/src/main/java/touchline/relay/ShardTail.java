package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.update.MarketUpdate;
import touchline.update.Shards;
import touchline.update.UpdateJson;

/**
 * Follows one shard: its images first, then its stream from where it ended before them, over a connection of its own on
 * which it waits for the next entries. Each entry must name the one before it; one that does not is either nobody's, and
 * passed over, or a sign that entries are missing, and then the images are read again: {@code meta.last} tells which.
 * A beat is told only when all entries before it have been. Confined to the mailbox's thread.
 */
final class ShardTail {

    private static final Logger log = LoggerFactory.getLogger(ShardTail.class);
    /** Entries of one answer. */
    private static final int PAGE = 512;
    /** Reloads that are further apart than this have nothing to do with each other. */
    private static final long CALM_NANOS = 20_000_000_000L;
    /** A beat that stands still for so long may be that of a deposed master. */
    private static final long STILL_MS = 5_000;

    private static final long RETRY_MS = 50;
    private static final long LONGEST_MS = 10_000;
    /** As often as the writer writes: it cannot be there earlier. */
    private static final long NOTHING_MS = 250;

    private final int shard;
    private final Shards shards;
    private final long waitMs;
    private final Mailbox mailbox;
    private final Line stream;
    private final Line images;
    private final Line watch;
    private final ShardListener listener;
    private final FollowerMetrics metrics;
    private final Doubts doubts;
    private final Sparingly unreadable = new Sparingly();
    private final Sparingly blind = new Sparingly();

    /** The read that is out; an answer to an older one is dropped. */
    private long reads;

    /** Raised whenever what is known of the shard becomes void. */
    private long eras;

    private @Nullable ImageLoad load;
    private boolean looking;
    private boolean lookAgain;
    private boolean closed;
    private boolean away;
    /** The last entry that was told: the next one names it. */
    private EntryId told = EntryId.BEGINNING;
    /** The last entry that was read. */
    private EntryId read = EntryId.BEGINNING;
    /** Entries that do not follow what was told, while nobody knows yet why. */
    private @Nullable Strays strays;
    /** What the last look saw, when entries up to there are still to come. */
    private @Nullable Ahead ahead;

    private final Pause retry = new Pause(RETRY_MS, 2_000);
    private final Pause reload = new Pause(100, LONGEST_MS);
    private long reloadedAt;
    private boolean everLoaded;
    private final Still still = new Still(STILL_MS);

    /** Somebody else's, or what comes behind a gap. */
    private record Strays(EntryId first, String why, boolean counted) {}

    private record Ahead(EntryId last, long beatMs, long generation, long readOut) {}

    /**
     * @param stream on which this shard alone waits
     * @param images for what is much
     * @param watch for what is urgent and small
     */
    ShardTail(
            int shard,
            Shards shards,
            long waitMs,
            Mailbox mailbox,
            Line stream,
            Line images,
            Line watch,
            ShardListener listener,
            FollowerMetrics metrics) {
        this.shard = shard;
        this.shards = shards;
        this.waitMs = waitMs;
        this.mailbox = mailbox;
        this.stream = stream;
        this.images = images;
        this.watch = watch;
        this.listener = listener;
        this.metrics = metrics;
        doubts = new Doubts(images, shards, mailbox, this::image, metrics);
    }

    void begin() {
        load();
    }

    void close() {
        closed = true;
        stop();
        stream.hangUp();
    }

    /** Looks at meta and beat: how far the shard is, and whether it still is the one that is followed. */
    void look() {
        if (load != null || closed) {
            return;
        }
        if (looking) {
            lookAgain = true;
            return;
        }
        looking = true;
        lookAgain = false;
        long era = eras;
        EntryId toldThen = told;
        Strays straysThen = strays;
        watch.ask(redis -> ImageLoad.head(redis, shards, shard))
                .whenComplete((head, failure) -> mailbox.post(() -> {
                    looking = false;
                    if (closed || era != eras) {
                        return;
                    }
                    if (failure != null) {
                        if (blind.now()) {
                            log.warn("event=shard_unwatched shard={} reason=\"{}\"", shard, Line.reason(failure));
                        }
                        return;
                    }
                    seen(toldThen, straysThen, head);
                    if (lookAgain) {
                        look();
                    }
                }));
    }

    /** What has been told since the look was sent says nothing against what it saw. */
    private void seen(EntryId toldThen, @Nullable Strays straysThen, ImageLoad.@Nullable Head head) {
        if (head == null) {
            again("gone");
            return;
        }
        if (head.last().isBelow(toldThen)) {
            again("set_back");
            return;
        }
        if (straysThen != null && straysThen.equals(strays)) {
            if (!head.last().isBelow(straysThen.first())) {
                again("gap");
                return;
            }
            // The writer's stream ends before them.
            passOver();
        }
        if (head.last().compareTo(told) <= 0) {
            beat(head.beatMs(), head.generation());
        } else if (ahead == null) {
            ahead = new Ahead(head.last(), head.beatMs(), head.generation(), reads);
        }
        if (still.isLong(head.beatMs())) {
            log.info("event=shard_still shard={} beat={}", shard, head.beatMs());
            // The next ones ask anew who the master is.
            stream.hangUp();
            watch.hangUp();
            images.hangUp();
        }
    }

    private void beat(long beatMs, long generation) {
        metrics.beat(shard, beatMs);
        listener.beat(shard, beatMs, generation);
    }

    // The images.

    /** What is held may be wrong: reads the images again, the sooner the longer ago that was necessary. */
    private void again(String reason) {
        Strays seen = strays;
        log.warn(
                "event=shard_reload shard={} reason={} told={} detail=\"{}\"",
                shard,
                reason,
                told,
                seen == null ? "" : seen.first() + ": " + seen.why());
        metrics.reload(reason);
        stop();
        // A read is out that waits behind an entry which may never come.
        stream.hangUp();
        if (System.nanoTime() - reloadedAt > CALM_NANOS) {
            reload.over();
            load();
            return;
        }
        ImageLoad mine = new ImageLoad(images, shards, shard, mailbox, new Images());
        load = mine;
        mailbox.later(reload.nextMs(), () -> {
            if (load == mine) {
                load();
            }
        });
    }

    private void load() {
        stop();
        metrics.state(shard, away ? ShardState.AWAY : ShardState.LOADING);
        ImageLoad mine = new ImageLoad(images, shards, shard, mailbox, new Images());
        load = mine;
        mine.begin();
    }

    /** What was asked and is not answered yet is of no interest any more. */
    private void stop() {
        reads++;
        eras++;
        if (load != null) {
            load.drop();
            load = null;
        }
        doubts.clear();
        strays = null;
        ahead = null;
    }

    private boolean image(String match, Map<String, byte[]> fields) {
        MarketUpdate image;
        try {
            image = MatchImage.of(match, fields);
        } catch (IllegalArgumentException e) {
            unreadable("match=" + match, e);
            return false;
        }
        if (!listener.image(shard, image)) {
            unreadable("match=" + match, new IllegalArgumentException("its checksums are not those of its cells"));
            return false;
        }
        return true;
    }

    private final class Images implements ImageLoad.Taker {

        private final Set<String> wrong = new HashSet<>();

        @Override
        public void nothing() {
            away("Redis holds nothing of it yet");
            retry(NOTHING_MS);
        }

        @Override
        public void hash(String match, Map<String, byte[]> fields) {
            if (!image(match, fields)) {
                wrong.add(match);
            }
        }

        @Override
        public void refused(String match, String reason) {
            wrong.add(match);
            unreadable("match=" + match, new IllegalArgumentException(reason));
        }

        @Override
        public void failed(Throwable failure) {
            away(Line.reason(failure));
            retry(retry.nextMs());
        }

        private void retry(long ms) {
            ImageLoad mine = load;
            mailbox.later(ms, () -> {
                if (!closed && load == mine) {
                    load();
                }
            });
        }

        @Override
        public void loaded(ImageLoad.Head head, Set<String> matches) {
            load = null;
            reloadedAt = System.nanoTime();
            retry.over();
            told = head.last();
            read = head.last();
            log.info(
                    "event=shard_loaded shard={} matches={} unreadable={} last={}",
                    shard,
                    matches.size(),
                    wrong.size(),
                    told);
            back();
            metrics.state(shard, ShardState.FOLLOWING);
            listener.complete(shard, matches);
            everLoaded = true;
            wrong.forEach(doubts::later);
            read();
            look();
        }
    }

    // The stream.

    @SuppressWarnings("unchecked") // a generic array for varargs, as the client's signature wants it
    private void read() {
        long mine = ++reads;
        XReadArgs args = XReadArgs.Builder.block(waitMs).count(PAGE);
        XReadArgs.StreamOffset<String> from = XReadArgs.StreamOffset.from(shards.streamKey(shard), read.toString());
        stream.ask(redis -> redis.commands().xread(args, from))
                .whenComplete((messages, failure) -> mailbox.post(() -> {
                    if (mine != reads || closed) {
                        return;
                    }
                    if (failure != null) {
                        failed(failure);
                    } else {
                        answered(messages == null ? List.of() : messages);
                    }
                }));
    }

    private void answered(List<StreamMessage<String, byte[]>> messages) {
        retry.over();
        back();
        if (messages.isEmpty()) {
            Ahead due = ahead;
            // Asked after that look, and there is nothing: the entries that it saw are not there any more.
            if (due != null && reads > due.readOut()) {
                again("trimmed");
            } else {
                read();
            }
            return;
        }
        read = EntryId.parse(messages.get(messages.size() - 1).getId());
        // Asked for at once: the next entries are on their way while these are told.
        read();
        long mine = reads;
        metrics.entries(shard, messages.size());
        for (StreamMessage<String, byte[]> message : messages) {
            take(message);
            if (mine != reads) {
                return;
            }
        }
        Ahead due = ahead;
        if (due != null && due.last().compareTo(told) <= 0) {
            ahead = null;
            beat(due.beatMs(), due.generation());
        }
    }

    private void take(StreamMessage<String, byte[]> message) {
        EntryId id = EntryId.parse(message.getId());
        byte[] prev = message.getBody().get("prev");
        byte[] body = message.getBody().get("u");
        if (prev == null || body == null || !new String(prev, UTF_8).equals(told.toString())) {
            stray(id, "prev is " + (prev == null ? "missing" : new String(prev, UTF_8)) + ", told=" + told, false);
            return;
        }
        MarketUpdate update;
        try {
            update = UpdateJson.read(body);
        } catch (IllegalArgumentException e) {
            unreadable("entry=" + id, e);
            stray(id, "not an update", true);
            return;
        }
        if (shards.of(update.match()) != shard) {
            stray(id, "match=" + update.match() + " is of another shard", false);
            return;
        }
        passOver();
        told = id;
        boolean fits = listener.update(shard, update);
        if (update.times().published() > 0) {
            metrics.published(shard, update.times().published());
        }
        if (!fits) {
            doubts.now(update.match());
        }
    }

    /** The next entry that follows what was told, or the next look, says what it is. */
    private void stray(EntryId id, String why, boolean counted) {
        if (strays == null) {
            strays = new Strays(id, why, counted);
            look();
        }
    }

    private void passOver() {
        Strays nobodys = strays;
        if (nobodys != null) {
            strays = null;
        }
        if (nobodys != null && !nobodys.counted()) {
            unreadable("entry=" + nobodys.first(), new IllegalArgumentException(nobodys.why()));
        }
    }

    private void failed(Throwable failure) {
        away(Line.reason(failure));
        long mine = ++reads;
        mailbox.later(retry.nextMs(), () -> {
            if (mine == reads && !closed) {
                read();
            }
        });
    }

    private void away(String reason) {
        if (!away) {
            away = true;
            metrics.state(shard, ShardState.AWAY);
            listener.away(shard, reason);
        }
    }

    private void back() {
        if (away) {
            away = false;
            log.info("event=shard_back shard={} told={}", shard, told);
            if (everLoaded) {
                metrics.state(shard, ShardState.FOLLOWING);
                look();
            }
        }
    }

    private void unreadable(String what, IllegalArgumentException why) {
        metrics.unreadable();
        if (unreadable.now()) {
            log.warn(
                    "event=unreadable shard={} {} count={} reason=\"{}\"",
                    shard,
                    what,
                    unreadable.count(),
                    why.getMessage());
        }
    }
}
