package touchline.jobs;

import java.util.function.Function;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;
import touchline.book.MarketRules;
import touchline.book.Quotation;
import touchline.config.Arguments;
import touchline.config.Settings;
import touchline.feed.Refused;
import touchline.redis.Lineage;
import touchline.redis.RedisConfig;
import touchline.redis.RedisSink;
import touchline.update.MarketUpdate;

/**
 * Feed log in, updates out: what we are told, what we believe, what we say. The log is its only input, so a replay after
 * a crash says exactly what was said before; Redis drops what it has already seen.
 *
 * <pre>flink run -c touchline.jobs.MarketJob touchline-jobs.jar --config market.properties</pre>
 */
public final class MarketJob {

    static final OutputTag<Refused> REFUSED = new OutputTag<>("refused", FlinkTypes.REFUSED);

    static final OutputTag<Quotation> QUOTES = new OutputTag<>("quotes", FlinkTypes.QUOTATION);

    private MarketJob() {}

    /** Command line: {@code --config FILE} and {@code --set key=value}, each as often as needed. */
    public static void main(String[] args) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        build(env, Arguments.settings(args));
        env.execute("MarketJob");
    }

    /** Checks settings and topics, and adds the job's stages to the environment. */
    public static void build(StreamExecutionEnvironment env, Settings settings) {
        build(env, settings, Topics::forMarket);
    }

    /** @param topics makes and checks the topics, and tells the feed log's id */
    static void build(StreamExecutionEnvironment env, Settings settings, Function<KafkaConfig, String> topics) {
        JobConfig job = settings.as(JobConfig.class, "job");
        KafkaConfig kafka = settings.as(KafkaConfig.class, "kafka");
        MarketRules rules = settings.as(MarketRules.class, "market");
        RedisConfig redis = settings.as(RedisConfig.class, "redis");
        JobArguments.refuseUnknown(settings);
        atMost("kafka.feedPartitions", kafka.feedPartitions(), job);
        atMost("redis.shards", redis.shards(), job);

        JobEnvironment.configure(env, job);
        Lineage lineage = new Lineage(rules.generation(), rules.hash(), topics.apply(kafka));
        ticks(env, kafka);
        wire(env, job, kafka, rules, redis, lineage);
    }

    /** Silence must move the clock: without ticks, prices of a dead source would never grow stale. */
    private static void ticks(StreamExecutionEnvironment env, KafkaConfig kafka) {
        env.fromSource(
                        new TickSource(kafka.feedPartitions(), kafka.tickMs()),
                        WatermarkStrategy.noWatermarks(),
                        "ticks")
                .uid("ticks")
                .setParallelism(1)
                .sinkTo(new FeedLog(kafka).ticks())
                .uid("ticks-to-log")
                .name("ticks to log")
                .setParallelism(1);
    }

    private static void wire(
            StreamExecutionEnvironment env,
            JobConfig job,
            KafkaConfig kafka,
            MarketRules rules,
            RedisConfig redis,
            Lineage lineage) {
        FeedLog log = new FeedLog(kafka);

        SingleOutputStreamOperator<Told> told = env.fromSource(
                        log.source(lineage.topic()), FeedLog.watermarks(), "feed log")
                .uid("feed-log")
                .process(new LogTime(kafka.feedPartitions(), kafka.maxRecordBytes(), lineage.topic(), REFUSED))
                .returns(FlinkTypes.TOLD)
                .uid("log-time")
                .name("log time");

        SingleOutputStreamOperator<MarketUpdate> updates = told.keyBy(Told::match)
                .transform(
                        "market",
                        FlinkTypes.UPDATE,
                        new MarketOperator(rules, job.bookCacheMb() << 20, kafka.againMs(), quotes(kafka), REFUSED))
                .uid("market");

        RedisSink.byShard(updates, redis)
                .sinkTo(new RedisSink(redis, lineage))
                .uid("redis")
                .name("redis");

        updates.sinkTo(log.updates()).uid("updates").name("updates");

        updates.getSideOutput(QUOTES).sinkTo(log.quotes()).uid("quotes").name("quotes");

        told.getSideOutput(REFUSED)
                .union(updates.getSideOutput(REFUSED))
                .sinkTo(log.rejected())
                .uid("rejected")
                .name("rejected");
    }

    private static QuoteTopic quotes(KafkaConfig kafka) {
        return new QuoteTopic(QUOTES, kafka.quoteStampMs(), new FormerQuotes(kafka));
    }

    /** An instance without a partition would have no log time and hold all others back; one without a shard is idle. */
    private static void atMost(String key, int count, JobConfig job) {
        if (job.parallelism() > count) {
            throw new IllegalArgumentException(
                    "job.parallelism=" + job.parallelism() + " is above " + key + "=" + count + ": lower it");
        }
    }
}
