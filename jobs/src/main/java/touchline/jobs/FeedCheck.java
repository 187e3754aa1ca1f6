package touchline.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;

/** The last check before the log: only what its readers can read and the brokers can take goes in. */
final class FeedCheck extends ProcessFunction<FeedRecord, FeedEntry> {
    private static final long serialVersionUID = 1L;

    private final int maxRecordBytes;
    private final OutputTag<Refused> refused;

    FeedCheck(int maxRecordBytes, OutputTag<Refused> refused) {
        this.maxRecordBytes = maxRecordBytes;
        this.refused = refused;
    }

    /** @throws RefusedException when these bytes of a record cannot go into the log */
    static void check(byte[] bytes, int maxRecordBytes) throws RefusedException {
        if (bytes.length > maxRecordBytes) {
            throw new RefusedException(
                    Refusal.TOO_LARGE, "size=" + bytes.length + ": at most " + maxRecordBytes + " bytes are written");
        }
        FeedJson.read(bytes);
    }

    @Override
    public void processElement(FeedRecord record, Context context, Collector<FeedEntry> out) {
        byte[] bytes = FeedJson.write(record);
        try {
            check(bytes, maxRecordBytes);
            out.collect(new FeedEntry(record.match(), bytes));
        } catch (RefusedException e) {
            context.output(
                    refused,
                    new Refused(e.reason(), record.match(), record.source(), e.detail(), new String(bytes, UTF_8)));
        }
    }
}
