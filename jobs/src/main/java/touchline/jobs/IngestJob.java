package touchline.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.BroadcastStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.config.Arguments;
import touchline.config.Settings;
import touchline.feed.Bounds;
import touchline.feed.FeedRecord;
import touchline.feed.Polled;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.feed.Score;
import touchline.feed.View;
import touchline.oddsapi.OddsApiConfig;
import touchline.oddsapi.OddsApiEvent;
import touchline.oddsapi.OddsApiSource;
import touchline.postgres.Captured;
import touchline.postgres.DatabaseCheck;
import touchline.postgres.ManualMatches;
import touchline.postgres.PostgresSettings;

/**
 * Sources in, feed log out: reads what the outside world says, finds what of it is news, checks it, and writes it under
 * the match's one id. It decides nothing and may say things twice: the log's readers know repeats by their {@code seq}.
 *
 * <pre>flink run -c touchline.jobs.IngestJob touchline-jobs.jar --config ingest.properties</pre>
 */
public final class IngestJob {

    static final OutputTag<Refused> REFUSED = new OutputTag<>("refused", FlinkTypes.REFUSED);

    private static final OutputTag<Captured> LINKS_AND_BEATS = new OutputTag<>("links-and-beats", FlinkTypes.CAPTURED);

    private static final Logger LOG = LoggerFactory.getLogger(IngestJob.class);

    private IngestJob() {}

    /** Command line: {@code --config FILE} and {@code --set key=value}, each as often as needed. */
    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        build(env, Arguments.settings(args));
        env.execute("IngestJob");
    }

    /** Checks settings, topics and the database, and adds the job's stages to the environment. */
    public static void build(StreamExecutionEnvironment env, Settings settings) {
        build(env, settings, Topics::forIngest);
        if (settings.as(JobConfig.class, "job").postgres()) {
            DatabaseCheck.verify(settings.as(PostgresSettings.class, "postgres"));
        }
    }

    /** @param topics makes and checks the topics, and tells the feed log's id */
    static void build(StreamExecutionEnvironment env, Settings settings, Function<KafkaConfig, String> topics) {
        JobConfig job = settings.as(JobConfig.class, "job");
        KafkaConfig kafka = settings.as(KafkaConfig.class, "kafka");
        if (!job.oddsapi() && !job.postgres()) {
            throw new IllegalArgumentException("job.oddsapi and job.postgres are both false: nothing is left to read");
        }
        PollMemory.Pace pace = PollMemory.Pace.of(job, kafka);

        JobEnvironment.configure(env, job);
        List<DataStream<FeedRecord>> records = new ArrayList<>();
        List<DataStream<Refused>> refused = new ArrayList<>();
        SingleOutputStreamOperator<Notice> rows = null;
        BroadcastStream<Captured> links = null;
        List<String> providers = new ArrayList<>();

        if (job.postgres()) {
            PostgresSettings postgres = settings.as(PostgresSettings.class, "postgres");
            rows = ManualMatches.stream(env, postgres, FlinkTypes.CAPTURED)
                    .process(new Sorted())
                    .returns(FlinkTypes.NOTICE)
                    .uid("captured")
                    .name("documents, links, beats")
                    .setParallelism(1);
            refused.add(rows.getSideOutput(REFUSED));
            links = rows.getSideOutput(LINKS_AND_BEATS).broadcast(ProviderFeed.LINKS, ProviderFeed.COMPLETE);
        }
        if (job.oddsapi()) {
            SingleOutputStreamOperator<Polled> polled = env.fromSource(
                            new OddsApiSource(settings.as(OddsApiConfig.class, "oddsapi")),
                            WatermarkStrategy.noWatermarks(),
                            "the odds API",
                            FlinkTypes.ODDS_API_EVENT)
                    .uid("oddsapi-source")
                    .setParallelism(1)
                    .process(new Heard())
                    .returns(FlinkTypes.POLLED)
                    .uid("oddsapi-heard")
                    .name("heard")
                    .setParallelism(1);
            refused.add(polled.getSideOutput(REFUSED));
            records.add(providerFeed(polled.keyBy(Polled::match), links, pace));
            providers.add("oddsapi");
        }
        if (rows != null && links != null) {
            PostgresSettings postgres = settings.as(PostgresSettings.class, "postgres");
            ManualFeed manualFeed =
                    new ManualFeed(pace, job.seenEveryMs() + postgres.heartbeatMs(), kafka.maxRecordBytes(), providers);
            records.add(withListings(rows, records)
                    .keyBy(Notice::match)
                    .connect(links)
                    .process(manualFeed)
                    .returns(FlinkTypes.FEED_RECORD)
                    .uid("manual-feed")
                    .name("manual feed"));
        }
        JobArguments.refuseUnknown(settings);
        String topicId = topics.apply(kafka);
        LOG.info("event=ingest_built feed={} topic_id={}", kafka.feedTopic(), topicId);
        write(union(records), refused, kafka);
    }

    /** The operators' rows, and which matches the providers have. */
    private static DataStream<Notice> withListings(DataStream<Notice> rows, List<DataStream<FeedRecord>> providers) {
        if (providers.isEmpty()) {
            return rows;
        }
        return rows.union(union(providers)
                .process(new Listings())
                .returns(FlinkTypes.NOTICE)
                .uid("listings")
                .name("listings"));
    }

    private static DataStream<FeedRecord> providerFeed(
            KeyedStream<Polled, String> polled, @Nullable BroadcastStream<Captured> links, PollMemory.Pace pace) {
        SingleOutputStreamOperator<FeedRecord> records = links == null
                ? polled.process(new UnlinkedFeed(pace))
                : polled.connect(links).process(new ProviderFeed(pace));
        return records.returns(FlinkTypes.FEED_RECORD).uid("provider-feed").name("provider feed");
    }

    private static void write(DataStream<FeedRecord> records, List<DataStream<Refused>> refused, KafkaConfig kafka) {
        FeedLog log = new FeedLog(kafka);
        SingleOutputStreamOperator<FeedEntry> checked = records.process(new FeedCheck(kafka.maxRecordBytes(), REFUSED))
                .returns(FlinkTypes.FEED_ENTRY)
                .uid("feed-check")
                .name("check");
        checked.sinkTo(log.records()).uid("feed-log").name("feed log");
        refused.add(checked.getSideOutput(REFUSED));
        union(refused).sinkTo(log.rejected()).uid("rejected").name("rejected");
    }

    private static <T> DataStream<T> union(List<DataStream<T>> streams) {
        DataStream<T> all = streams.get(0);
        for (DataStream<T> stream : streams.subList(1, streams.size())) {
            all = all.union(stream);
        }
        return all;
    }

    private static final class Sorted extends ProcessFunction<Captured, Notice> {
        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(Captured captured, Context context, Collector<Notice> out) {
            if (captured instanceof Captured.Document document) {
                out.collect(new Notice.Row(document.match(), document));
            } else if (captured instanceof Captured.Unusable unusable) {
                context.output(REFUSED, unusable.refused());
                String match = unusable.refused().match();
                if (unusable.isDocument() && isMatch(match)) {
                    out.collect(new Notice.Row(match, unusable));
                }
            } else {
                context.output(LINKS_AND_BEATS, captured);
            }
        }

        private static boolean isMatch(String id) {
            try {
                return Bounds.matchId(id).equals(id);
            } catch (RefusedException e) {
                return false;
            }
        }
    }

    private static final class Listings extends ProcessFunction<FeedRecord, Notice> {
        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(FeedRecord record, Context context, Collector<Notice> out) {
            if (record.body() instanceof View view && !view.missing()) {
                Score score = view.score();
                out.collect(new Notice.Listed(record.match(), score != null && score.completed()));
            }
        }
    }

    private static final class Heard extends ProcessFunction<OddsApiEvent, Polled> {
        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(OddsApiEvent event, Context context, Collector<Polled> out) {
            if (event instanceof OddsApiEvent.Heard heard) {
                out.collect(heard.polled());
            } else if (event instanceof OddsApiEvent.Unusable unusable) {
                context.output(REFUSED, unusable.refused());
            }
        }
    }
}
