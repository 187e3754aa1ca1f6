package touchline.jobs;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.jspecify.annotations.Nullable;
import touchline.feed.Changes;
import touchline.feed.FeedRecord;
import touchline.feed.HeldView;
import touchline.feed.Polled;
import touchline.feed.View;

/**
 * What is remembered of the polls of the current key, a provider's match: the last view of each source stream, and when
 * it was last told whole. A match of which nothing was polled for long is forgotten; should it come back, its first poll
 * is told whole again.
 */
final class PollMemory {

    /** Source stream to its held view. */
    static final MapStateDescriptor<String, byte[]> VIEWS =
            new MapStateDescriptor<>("views", Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private static final MapStateDescriptor<String, Long> WHOLE =
            new MapStateDescriptor<>("told-whole-at", Types.STRING, Types.LONG);

    private static final ValueStateDescriptor<Long> TIMER = new ValueStateDescriptor<>("timer", Types.LONG);

    /**
     * How often things are said that are not news, ms.
     *
     * @param seenEveryMs an unchanged match
     * @param doubtMs how long every poll is told after something went
     * @param wholeEveryMs a full view, so that a record that was lost or refused is made up for, and a log whose
     *     beginning is gone can still be read
     * @param forgetMs nothing was polled for so long
     */
    record Pace(long seenEveryMs, long doubtMs, long wholeEveryMs, long forgetMs) implements Serializable {

        static Pace of(JobConfig job, KafkaConfig kafka) {
            long wholeEveryMs = Math.min(job.wholeEveryMs(), kafka.feedRetentionMs() / 4);
            return new Pace(job.seenEveryMs(), job.doubtMs(), wholeEveryMs, job.forgetMs());
        }
    }

    private final Pace pace;
    private final Changes changes;
    private final MapState<String, byte[]> views;
    private final MapState<String, Long> wholeAt;
    private final ValueState<Long> timer;

    PollMemory(RuntimeContext context, Pace pace) {
        this.pace = pace;
        this.changes = new Changes(pace.seenEveryMs(), pace.doubtMs());
        this.views = context.getMapState(VIEWS);
        this.wholeAt = context.getMapState(WHOLE);
        this.timer = context.getState(TIMER);
    }

    /** The news of a poll under the match's id in the log, or null. */
    @Nullable
    FeedRecord hear(Polled polled, String match) throws Exception {
        byte[] bytes = views.get(polled.source());
        HeldView held = bytes == null ? null : HeldView.read(bytes);
        Long whole = wholeAt.get(polled.source());
        boolean due = whole == null || polled.seen() - whole >= pace.wholeEveryMs();
        Changes.Step step =
                changes.hear(held, polled, match, due && !polled.view().missing());
        views.put(polled.source(), step.held().write());
        FeedRecord record = step.record().orElse(null);
        if (record != null && isWhole(record)) {
            wholeAt.put(polled.source(), polled.seen());
        }
        return record;
    }

    /** All that is held, again, stream by stream. */
    List<FeedRecord> images(String match, long now) throws Exception {
        Map<String, HeldView> held = new TreeMap<>();
        for (Map.Entry<String, byte[]> view : views.entries()) {
            held.put(view.getKey(), HeldView.read(view.getValue()));
        }
        List<FeedRecord> images = new ArrayList<>();
        for (Map.Entry<String, HeldView> view : held.entrySet()) {
            Changes.Step step = changes.image(view.getValue(), match, now);
            views.put(view.getKey(), step.held().write());
            step.record().ifPresent(images::add);
        }
        return images;
    }

    /** One timer per match makes sure that it is forgotten some day. */
    void keep(TimerService timers) throws Exception {
        if (timer.value() == null) {
            set(timers, timers.currentProcessingTime() + pace.forgetMs());
        }
    }

    void forget(long now, TimerService timers) throws Exception {
        long last = Long.MIN_VALUE;
        for (byte[] view : views.values()) {
            last = Math.max(last, HeldView.read(view).last().seen());
        }
        if (last + pace.forgetMs() > now) {
            set(timers, last + pace.forgetMs());
        } else {
            views.clear();
            wholeAt.clear();
            timer.clear();
        }
    }

    private void set(TimerService timers, long at) throws Exception {
        timers.registerProcessingTimeTimer(at);
        timer.update(at);
    }

    private static boolean isWhole(FeedRecord record) {
        return record.body() instanceof View view && view.full();
    }
}
