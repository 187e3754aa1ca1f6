package touchline.jobs;

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
import touchline.feed.FeedRecord;
import touchline.feed.Kind;
import touchline.feed.ManualDocument;
import touchline.feed.Phase;
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
 */
final class ManualFeed extends KeyedBroadcastProcessFunction<String, Document, Captured, FeedRecord> {
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(ManualFeed.class);

    /** Its {@code seen} speaks for the documents, too. */
    static final String HEARTBEAT = "manual/heartbeat";

    private static final ValueStateDescriptor<byte[]> DOCUMENT =
            new ValueStateDescriptor<>("document", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private final PollMemory.Pace pace;
    private final long nextMs;

    private transient ValueState<byte[]> documents;
    private transient ValueState<Long> saidAt;
    private transient ValueState<Long> lastBeat;
    private transient Counter missingRevisions;
    private transient long nextSweep;
    private transient boolean beatsAreOld;

    @SuppressWarnings("NullAway.Init") // made by open
    ManualFeed(PollMemory.Pace pace, long nextMs) {
        this.pace = pace;
        this.nextMs = nextMs;
    }

    @Override
    public void open(OpenContext context) {
        documents = getRuntimeContext().getState(DOCUMENT);
        saidAt = getRuntimeContext().getState(new ValueStateDescriptor<>("said-at", Types.LONG));
        lastBeat = getRuntimeContext().getState(new ValueStateDescriptor<>("last-beat", Types.LONG));
        missingRevisions = getRuntimeContext().getMetricGroup().counter("missingRevisions");
    }

    @Override
    public void processElement(Document document, ReadOnlyContext context, Collector<FeedRecord> out) throws Exception {
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
        say(document, context.currentProcessingTime(), out);
        if (isOver(document)) {
            context.timerService().registerProcessingTimeTimer(context.currentProcessingTime() + pace.forgetMs());
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
                out.collect(seen(match, beat, now));
            }
        });
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
