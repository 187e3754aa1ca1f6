package touchline.jobs;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Kind;
import touchline.feed.ManualDocument;
import touchline.feed.Phase;
import touchline.feed.RefusedException;
import touchline.feed.Score;
import touchline.feed.Seq;
import touchline.feed.View;
import touchline.postgres.Captured;
import touchline.postgres.Captured.Beat;
import touchline.postgres.Captured.Document;
import touchline.postgres.CapturedCodec;

/**
 * The operators' documents as feed records: nothing twice, a revision that never came counted, and for each match that is
 * not over a {@code seen} while the database's heartbeats flow, so that its silence is noticed downstream. A document is
 * said again from time to time, so that a log whose beginning is gone can still be read.
 *
 * <p>A document that cannot be used is a word that nobody can read, and may have been "stop". In its place the last one
 * is said, with the whole match suspended, and nothing is vouched for until one that can be used comes with a higher
 * revision. An operator's own match that never began, or is over, has nothing to suspend.
 *
 * <p>The word of an operator on a match that its provider has finished, or has not had for long, is still said from time
 * to time, but no longer vouched for.
 */
final class ManualFeed extends KeyedBroadcastProcessFunction<String, Notice, Captured, FeedRecord> {
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(ManualFeed.class);

    /** Its {@code seen} speaks for the documents, too. */
    static final String HEARTBEAT = "manual/heartbeat";

    private static final ValueStateDescriptor<byte[]> DOCUMENT =
            new ValueStateDescriptor<>("document", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private final PollMemory.Pace pace;
    private final long nextMs;
    private final int maxRecordBytes;
    private final List<String> providers;

    private transient ValueState<byte[]> documents;
    private transient ValueState<Long> saidAt;
    private transient ValueState<Long> lastBeat;
    /** There is a later document than the one that is held, and it cannot be used. */
    private transient ValueState<Boolean> doubtful;
    /** When the match was last known to be wanted: a provider had it, or a document came. */
    private transient ValueState<Long> listedAt;

    private transient ValueState<Long> completedAt;
    private transient Counter missingRevisions;
    private transient long nextSweep;
    private transient boolean beatsAreOld;

    /**
     * @param nextMs the next heartbeat comes within this time
     * @param providers whose matches are heard of here when they are listed
     */
    @SuppressWarnings("NullAway.Init") // made by open
    ManualFeed(PollMemory.Pace pace, long nextMs, int maxRecordBytes, List<String> providers) {
        this.pace = pace;
        this.nextMs = nextMs;
        this.maxRecordBytes = maxRecordBytes;
        this.providers = new ArrayList<>(providers);
    }

    @Override
    public void open(OpenContext context) {
        documents = getRuntimeContext().getState(DOCUMENT);
        saidAt = getRuntimeContext().getState(new ValueStateDescriptor<>("said-at", Types.LONG));
        lastBeat = getRuntimeContext().getState(new ValueStateDescriptor<>("last-beat", Types.LONG));
        doubtful = getRuntimeContext().getState(new ValueStateDescriptor<>("doubtful", Types.BOOLEAN));
        listedAt = getRuntimeContext().getState(new ValueStateDescriptor<>("listed-at", Types.LONG));
        completedAt = getRuntimeContext().getState(new ValueStateDescriptor<>("completed-at", Types.LONG));
        missingRevisions = getRuntimeContext().getMetricGroup().counter("missingRevisions");
    }

    @Override
    public void processElement(Notice notice, ReadOnlyContext context, Collector<FeedRecord> out) throws Exception {
        long now = context.currentProcessingTime();
        if (notice instanceof Notice.Listed listed) {
            hear(listed, now);
        } else if (notice instanceof Notice.Row row && row.row() instanceof Document document) {
            hear(document, now, out);
            if (isOver(document)) {
                context.timerService().registerProcessingTimeTimer(now + pace.forgetMs());
            }
        } else if (notice instanceof Notice.Row row && row.row() instanceof Captured.Unusable unusable) {
            doubt(row.match(), unusable.seq(), now, out);
        }
    }

    private void hear(Document document, long now, Collector<FeedRecord> out) throws Exception {
        Document held = held();
        if (held != null) {
            if (seq(document).compareTo(seq(held)) <= 0) {
                return;
            }
            long missing = document.rev() - held.rev() - 1;
            if (document.generation() == held.generation() && missing > 0) {
                missingRevisions.inc(missing);
                LOG.error(
                        "event=revisions_missing match={} held={} heard={} missing={}",
                        document.match(),
                        held.rev(),
                        document.rev(),
                        missing);
            }
        }
        if (isFit(document, now)) {
            doubtful.clear();
            listedAt.update(now);
            say(document, now, out);
        } else {
            // The check behind this refuses it with its reason.
            out.collect(document.record(now, 0));
            doubt(document.match(), seq(document), now, out);
        }
    }

    private boolean isFit(Document document, long now) {
        try {
            FeedCheck.check(FeedJson.write(document.record(now, nextMs)), maxRecordBytes);
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    private void doubt(String match, @Nullable Seq seq, long now, Collector<FeedRecord> out) throws Exception {
        Document held = held();
        if (seq != null && held != null && seq.compareTo(seq(held)) <= 0) {
            return;
        }
        boolean own = isOwn(match);
        if (held == null ? own || seq == null : own && isOver(held)) {
            return;
        }
        LOG.error("event=document_unusable match={} seq={} suspended={}", match, seq, seq != null);
        doubtful.update(true);
        if (seq != null) {
            ManualDocument body = suspended(held == null || held.body().deleted() ? null : held.body());
            Document stop = new Document(match, seq.generation(), seq.n(), now, body, true);
            if (isFit(stop, now)) {
                say(stop, now, out);
            }
        }
    }

    /** What was said last, and the whole match suspended. */
    private static ManualDocument suspended(@Nullable ManualDocument last) {
        if (last == null) {
            return new ManualDocument(null, null, null, null, null, List.of(), List.of(), List.of("*"), false);
        }
        List<String> suspend = new ArrayList<>(last.suspend());
        if (!suspend.contains("*")) {
            suspend.add("*");
        }
        return new ManualDocument(
                last.fixture(),
                last.phase(),
                last.period(),
                last.score(),
                last.clock(),
                last.markets(),
                last.incidents(),
                suspend,
                false);
    }

    /** Of a match that operators say nothing of, nothing is kept. */
    private void hear(Notice.Listed listed, long now) throws Exception {
        if (documents.value() == null) {
            return;
        }
        listedAt.update(now);
        Long completed = completedAt.value();
        if (listed.completed()) {
            completedAt.update(now);
        } else if (completed != null && now - completed > pace.forgetMs()) {
            completedAt.clear();
        }
    }

    @Override
    public void processBroadcastElement(Captured captured, Context context, Collector<FeedRecord> out)
            throws Exception {
        long now = context.currentProcessingTime();
        if (!(captured instanceof Beat beat) || !beat.streamed() || !vouches(beat, now) || !isDue(now)) {
            return;
        }
        nextSweep = now + pace.seenEveryMs();
        context.applyToKeyedState(DOCUMENT, (String match, ValueState<byte[]> state) -> {
            Document document = held();
            if (document != null && !isOver(document)) {
                Long said = saidAt.value();
                if (said == null || now - said >= pace.wholeEveryMs()) {
                    say(document, now, out);
                }
                if (doubtful.value() == null && !isFinished(document, now)) {
                    out.collect(seen(match, beat, now));
                }
            }
        });
    }

    /** Its provider has completed it and operators leave it to him, or he has not had it for long. */
    private boolean isFinished(Document document, long now) throws Exception {
        if (completedAt.value() != null && document.body().phase() == null) {
            return true;
        }
        Long listed = listedAt.value();
        boolean heard = providers.contains(FeedRecord.providerOf(document.match()));
        return heard && listed != null && now - listed > pace.forgetMs();
    }

    /** After an outage old beats come again: they say nothing of the documents now. */
    private boolean vouches(Beat beat, long now) {
        boolean vouches = now - beat.at() <= nextMs;
        if (vouches == beatsAreOld) {
            beatsAreOld = !vouches;
            LOG.warn("event=beats_old old={} at={} nextMs={}", beatsAreOld, beat.at(), nextMs);
        }
        return vouches;
    }

    /** A sweep that is further ahead than sweeps lie apart was set before the clock stepped back. */
    private boolean isDue(long now) {
        return now >= nextSweep || nextSweep - now > pace.seenEveryMs();
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<FeedRecord> out) throws Exception {
        Document document = held();
        Long said = saidAt.value();
        if (document != null && isOver(document) && (said == null || said + pace.forgetMs() <= timestamp)) {
            documents.clear();
            saidAt.clear();
            lastBeat.clear();
            doubtful.clear();
            listedAt.clear();
            completedAt.clear();
        }
    }

    private void say(Document document, long now, Collector<FeedRecord> out) throws Exception {
        documents.update(CapturedCodec.write(document));
        saidAt.update(now);
        // The heartbeat keeps the promise. Without one, a match whose source died before its first would stay open.
        out.collect(document.record(now, isOver(document) ? 0 : nextMs));
    }

    private FeedRecord seen(String match, Beat beat, long now) throws Exception {
        Long last = lastBeat.value();
        long n = last == null ? beat.at() : Math.max(last + 1, beat.at());
        lastBeat.update(n);
        return new FeedRecord(match, HEARTBEAT, new Seq(0, n), beat.at(), now, nextMs, Kind.SEEN, View.seen(List.of()));
    }

    private @Nullable Document held() throws Exception {
        byte[] bytes = documents.value();
        return bytes == null ? null : (Document) CapturedCodec.read(bytes);
    }

    private static boolean isOwn(String match) {
        return FeedRecord.providerOf(match).equals(FeedRecord.provider(Captured.DOCUMENTS));
    }

    private static Seq seq(Document document) {
        return new Seq(document.generation(), document.rev());
    }

    private static boolean isOver(Document document) {
        ManualDocument body = document.body();
        Score score = body.score();
        boolean completed = body.phase() == null && score != null && score.completed();
        return body.deleted() || body.phase() == Phase.ENDED || completed;
    }
}
