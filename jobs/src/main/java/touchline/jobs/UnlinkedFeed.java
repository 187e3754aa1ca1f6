package touchline.jobs;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import touchline.feed.FeedRecord;
import touchline.feed.Polled;

/** A provider's polls as feed records where no operators' database says that one match is another. */
final class UnlinkedFeed extends KeyedProcessFunction<String, Polled, FeedRecord> {
    private static final long serialVersionUID = 1L;

    private final PollMemory.Pace pace;

    private transient PollMemory memory;

    @SuppressWarnings("NullAway.Init") // made by open
    UnlinkedFeed(PollMemory.Pace pace) {
        this.pace = pace;
    }

    @Override
    public void open(OpenContext context) {
        memory = new PollMemory(getRuntimeContext(), pace);
    }

    @Override
    public void processElement(Polled polled, Context context, Collector<FeedRecord> out) throws Exception {
        memory.keep(context.timerService());
        FeedRecord news = memory.hear(polled, polled.match());
        if (news != null) {
            out.collect(news);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<FeedRecord> out) throws Exception {
        memory.forget(timestamp, context.timerService());
    }
}
