package touchline.jobs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.feed.FeedRecord;
import touchline.feed.Kind;
import touchline.feed.Link;
import touchline.feed.Polled;
import touchline.feed.Seq;
import touchline.postgres.Captured;
import touchline.postgres.Captured.LinkRow;
import touchline.postgres.CapturedCodec;

/**
 * A provider's polls, per match, as feed records under the id that the match has in the log. Until the links are known
 * whole, polls are held and nothing is said: a linked match would otherwise appear under its own id for a moment. A link
 * that comes or goes is written to both matches, and what is held follows at once, whole, under the new id.
 *
 * <p>All that concerns a provider's match is written by one instance, in order: its link, then its views.
 */
final class ProviderFeed extends KeyedBroadcastProcessFunction<String, Polled, Captured, FeedRecord> {
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(ProviderFeed.class);

    /** Provider's match to its last row. */
    static final MapStateDescriptor<String, byte[]> LINKS =
            new MapStateDescriptor<>("links", Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    /** Holds {@link #KNOWN} as soon as the links are known whole. */
    static final MapStateDescriptor<String, Boolean> COMPLETE =
            new MapStateDescriptor<>("links-complete", Types.STRING, Types.BOOLEAN);

    private static final String KNOWN = "known";

    private final PollMemory.Pace pace;

    private transient PollMemory memory;

    @SuppressWarnings("NullAway.Init") // made by open
    ProviderFeed(PollMemory.Pace pace) {
        this.pace = pace;
    }

    @Override
    public void open(OpenContext context) {
        Libraries.check();
        memory = new PollMemory(getRuntimeContext(), pace);
    }

    @Override
    public void processElement(Polled polled, ReadOnlyContext context, Collector<FeedRecord> out) throws Exception {
        String match = inLog(polled.match(), context.getBroadcastState(LINKS));
        memory.keep(context.timerService());
        // A record that is not said is made up for by the image at the release.
        FeedRecord news = memory.hear(polled, match);
        if (news != null && context.getBroadcastState(COMPLETE).contains(KNOWN)) {
            out.collect(news);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<FeedRecord> out) throws Exception {
        memory.forget(timestamp, context.timerService());
    }

    @Override
    public void processBroadcastElement(Captured captured, Context context, Collector<FeedRecord> out)
            throws Exception {
        BroadcastState<String, byte[]> links = context.getBroadcastState(LINKS);
        BroadcastState<String, Boolean> complete = context.getBroadcastState(COMPLETE);
        if (captured.streamed() && !complete.contains(KNOWN)) {
            complete.put(KNOWN, true);
            release(links, context, out);
        }
        if (captured instanceof LinkRow row) {
            LinkRow before = row(links, row.providerMatch());
            if (before != null && seq(row).compareTo(seq(before)) <= 0) {
                return;
            }
            links.put(row.providerMatch(), CapturedCodec.write(row));
            if (complete.contains(KNOWN)) {
                LOG.info(
                        "event=link_changed match={} to={} was={} rev={}",
                        row.providerMatch(),
                        row.match(),
                        row.was(),
                        row.rev());
                say(row, before, out);
                images(row.providerMatch(), links, context, out);
            }
        }
    }

    /** The links are known whole: first they, oldest first, then all that was held. */
    private void release(BroadcastState<String, byte[]> links, Context context, Collector<FeedRecord> out)
            throws Exception {
        List<LinkRow> rows = new ArrayList<>();
        for (Map.Entry<String, byte[]> entry : links.entries()) {
            rows.add((LinkRow) CapturedCodec.read(entry.getValue()));
        }
        rows.sort(Comparator.comparingLong(LinkRow::at).thenComparing(LinkRow::providerMatch));
        LOG.info("event=links_complete links={}", rows.size());
        for (LinkRow row : rows) {
            say(row, null, out);
        }
        images(null, links, context, out);
    }

    /**
     * Both matches hear of it: the provider's own, and those that it now is and no longer is. In the order of its own
     * revisions: the reader keeps each provider's match apart, so no order between two of them is needed. A row that comes
     * again after a crash is a repeat there; what its match said meanwhile under the link before it is refused there.
     */
    private void say(LinkRow row, @Nullable LinkRow before, Collector<FeedRecord> out) {
        String provider = row.providerMatch();
        if (!own(provider)) {
            return;
        }
        String now = row.match();
        String was = before != null && before.match() != null ? before.match() : row.was();
        if (was != null && !was.equals(now)) {
            out.collect(record(was, row, new Link(Link.Direction.FROM, provider, false)));
        }
        String other = now != null ? now : was;
        if (other != null) {
            out.collect(record(provider, row, new Link(Link.Direction.TO, other, now != null)));
        }
        if (now != null) {
            out.collect(record(now, row, new Link(Link.Direction.FROM, provider, true)));
        }
    }

    private static FeedRecord record(String match, LinkRow row, Link link) {
        return new FeedRecord(
                match, Captured.LINKS, seq(row), row.at(), System.currentTimeMillis(), 0, Kind.LINK, link);
    }

    /** What is held of one match, or of all for null. */
    private void images(
            @Nullable String only, BroadcastState<String, byte[]> links, Context context, Collector<FeedRecord> out)
            throws Exception {
        long now = context.currentProcessingTime();
        context.applyToKeyedState(PollMemory.VIEWS, (String key, MapState<String, byte[]> views) -> {
            if (only == null || only.equals(key)) {
                for (FeedRecord image : memory.images(inLog(key, links), now)) {
                    out.collect(image);
                }
            }
        });
    }

    private boolean own(String key) {
        var task = getRuntimeContext().getTaskInfo();
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        key, task.getMaxNumberOfParallelSubtasks(), task.getNumberOfParallelSubtasks())
                == task.getIndexOfThisSubtask();
    }

    private static String inLog(String match, ReadOnlyBroadcastState<String, byte[]> links) throws Exception {
        LinkRow row = row(links, match);
        return row == null || row.match() == null ? match : row.match();
    }

    private static @Nullable LinkRow row(ReadOnlyBroadcastState<String, byte[]> links, String match) throws Exception {
        byte[] row = links.get(match);
        return row == null ? null : (LinkRow) CapturedCodec.read(row);
    }

    private static Seq seq(LinkRow row) {
        return new Seq(row.generation(), row.rev());
    }
}
