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
    private final Lines lines;
    private final Teller teller;
    private final FollowerMetrics metrics;
    private final Doubts doubts;
    private final Sparingly blind = new Sparingly();

    /** The read that is out; an answer to an older one is dropped. */
    private long reads;

    /** Raised whenever what is known of the shard becomes void. */
    private long eras;

    private @Nullable ImageLoad load;
    private boolean looking;
    private boolean lookAgain;
    private boolean closed;
    /** The line that is read was made anew because it told nothing where there is more. */
    private boolean doubted;

    private final Chain chain = new Chain();
    /** The last entry that was read, be it told or not. */
    private EntryId read = EntryId.BEGINNING;

    private final Pause retry = new Pause(RETRY_MS, 2_000);
    private final Pause reload = new Pause(100, LONGEST_MS);
    private long reloadedAt;
    private final Still still = new Still(STILL_MS, System::nanoTime);

    /**
     * @param stream on which this shard alone waits
     * @param images for what is much
     * @param watch for what is urgent and small
     */
    record Lines(Line stream, Line images, Line watch) {}

    ShardTail(
            int shard,
            Shards shards,
            long waitMs,
            Mailbox mailbox,
            Lines lines,
            Teller teller,
            FollowerMetrics metrics) {
        this.shard = shard;
        this.shards = shards;
        this.waitMs = waitMs;
        this.mailbox = mailbox;
        this.lines = lines;
        this.teller = teller;
        this.metrics = metrics;
        doubts = new Doubts(lines.images(), shards, mailbox, teller::image, metrics);
    }

    void begin() {
        load();
    }

    void close() {
        closed = true;
        stop();
        lines.stream().hangUp();
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
        Chain.Sight then = chain.sight();
        lines.watch()
                .ask(redis -> ShardHead.read(redis, shards, shard))
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
                    seen(then, head);
                    if (lookAgain) {
                        look();
                    }
                }));
    }

    private void seen(Chain.Sight then, @Nullable ShardHead head) {
        String broken = head == null ? "gone" : chain.broken(then, head);
        if (head == null || broken != null) {
            again(String.valueOf(broken));
            return;
        }
        if (then.strays() != null && then.strays().equals(chain.strays())) {
            // The writer's stream ends before them.
            chain.passOver();
        }
        chain.saw(head, reads);
        beat();
        if (still.isLong(head.beatMs())) {
            log.info("event=shard_still shard={} beat={}", shard, head.beatMs());
            // The next ones ask anew who the master is.
            lines.watch().renew();
            lines.images().renew();
            lines.stream().renew();
            read();
        }
    }

    private void beat() {
        ShardHead due = chain.due();
        if (due != null) {
            teller.beat(due);
        }
    }

    // The images.

    /** What is held may be wrong: reads the images again, the sooner the longer ago that was necessary. */
    private void again(String reason) {
        Chain.Strays strays = chain.strays();
        log.warn(
                "event=shard_reload shard={} reason={} told={} detail=\"{}\"",
                shard,
                reason,
                chain.told(),
                strays == null ? "" : strays.first() + ": " + strays.why());
        metrics.reload(reason);
        stop();
        // A read is out that waits behind an entry which may never come.
        lines.stream().hangUp();
        if (System.nanoTime() - reloadedAt > CALM_NANOS) {
            reload.over();
            load();
            return;
        }
        ImageLoad mine = new ImageLoad(lines.images(), shards, shard, mailbox, new Images());
        load = mine;
        mailbox.later(reload.nextMs(), () -> {
            if (load == mine) {
                load();
            }
        });
    }

    private void load() {
        stop();
        teller.loading();
        ImageLoad mine = new ImageLoad(lines.images(), shards, shard, mailbox, new Images());
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
    }

    private final class Images implements ImageLoad.Taker {

        private final Set<String> wrong = new HashSet<>();

        @Override
        public void nothing() {
            teller.away("Redis holds nothing of it yet");
            retry(NOTHING_MS);
        }

        @Override
        public void hash(String match, Map<String, byte[]> fields) {
            if (!teller.image(match, fields)) {
                wrong.add(match);
            }
        }

        @Override
        public void refused(String match, String reason) {
            wrong.add(match);
            teller.unreadable("match=" + match, reason);
        }

        @Override
        public void failed(Throwable failure) {
            teller.away(Line.reason(failure));
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
        public void loaded(ShardHead head, Set<String> matches) {
            load = null;
            reloadedAt = System.nanoTime();
            retry.over();
            chain.begin(head.last());
            read = head.last();
            doubted = false;
            log.info(
                    "event=shard_loaded shard={} matches={} unreadable={} last={}",
                    shard,
                    matches.size(),
                    wrong.size(),
                    read);
            teller.complete(matches);
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
        lines.stream()
                .ask(redis -> redis.commands().xread(args, from))
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
        if (teller.back()) {
            look();
        }
        if (messages.isEmpty()) {
            nothing();
            return;
        }
        doubted = false;
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
        beat();
    }

    /** Where a look saw more: it may have seen the new master, while this line still leads to the one before. */
    private void nothing() {
        if (!chain.isTrimmed(reads)) {
            read();
        } else if (!doubted) {
            doubted = true;
            lines.stream().hangUp();
            read();
        } else {
            again("trimmed");
        }
    }

    private void take(StreamMessage<String, byte[]> message) {
        EntryId id = EntryId.parse(message.getId());
        byte[] prev = message.getBody().get("prev");
        byte[] body = message.getBody().get("u");
        if (prev == null || body == null || !chain.isNext(new String(prev, UTF_8))) {
            stray(id, "prev=" + (prev == null ? "" : new String(prev, UTF_8)) + " told=" + chain.told());
            return;
        }
        MarketUpdate update;
        try {
            update = UpdateJson.read(body);
        } catch (IllegalArgumentException e) {
            stray(id, String.valueOf(e.getMessage()));
            return;
        }
        if (shards.of(update.match()) != shard) {
            stray(id, "match=" + update.match() + " is of another shard");
            return;
        }
        chain.tell(id);
        if (!teller.update(update)) {
            doubts.now(update.match());
        }
    }

    private void stray(EntryId id, String why) {
        if (chain.stray(id, why)) {
            teller.unreadable("entry=" + id, why);
            look();
        }
    }

    private void failed(Throwable failure) {
        teller.away(Line.reason(failure));
        long mine = ++reads;
        mailbox.later(retry.nextMs(), () -> {
            if (mine == reads && !closed) {
                read();
            }
        });
    }
}
