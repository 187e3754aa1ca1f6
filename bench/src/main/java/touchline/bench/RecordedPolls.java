package touchline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.RefusedException;
import touchline.jobs.IngestJob;
import touchline.sandbox.OddsApiServer;
import touchline.sandbox.RecordedFeed;
import touchline.sandbox.Recording;

/**
 * Real recorded polls, played once through the stand-in odds API and the ingest job; the feed records that come out fill
 * the log again and again under new match ids.
 */
final class RecordedPolls implements Throughput.Filling {

    private static final int POLL_MS = 250;

    private final List<FeedRecord> recorded;
    private final int count;

    RecordedPolls(Path recording, int count) throws Exception {
        this.count = count;
        Recording polls = Recording.read(recording);
        double speed = (double) polls.intervalMs() / POLL_MS;
        try (Rig rig = new Rig(Map.of("job.postgres", "false"), Map.of())) {
            RecordedFeed feed = polls.play(System::currentTimeMillis, speed);
            OddsApiServer server = rig.opened(OddsApiServer.start(0, feed));
            Path key = Files.createTempFile("touchline-key", "");
            rig.opened(() -> Files.deleteIfExists(key));
            Files.writeString(key, server.apiKey());
            rig.set("oddsapi.baseUrl", server.url());
            rig.set("oddsapi.apiKey", "file:" + key);
            rig.set(
                    "oddsapi.sports",
                    String.join(",", feed.sports().stream().map(s -> s.key()).toList()));
            rig.set("oddsapi.regions", "us");
            rig.set("oddsapi.scores", "false");
            rig.set("oddsapi.livePollMs", Integer.toString(POLL_MS));
            rig.set("oddsapi.upcomingPollMs", Integer.toString(POLL_MS));
            StreamExecutionEnvironment env = rig.environment();
            IngestJob.build(env, rig.settings());
            rig.start(env, "IngestJob");
            Rig.await("the recording to end", Duration.ofMillis(feed.durationMs() * 2 + 30_000), feed::isOver);
            recorded = read(rig.kafka.bootstrap());
        }
        if (recorded.isEmpty()) {
            throw new IllegalStateException("no feed record came out of " + recording);
        }
    }

    private static List<FeedRecord> read(String bootstrap) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        List<FeedRecord> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.partitionsFor("feed").forEach(p -> partitions.add(new TopicPartition("feed", p.partition())));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    records.add(FeedJson.read(record.value()));
                }
            }
        } catch (RefusedException e) {
            throw new UncheckedIOException(new IOException("the ingest job wrote a record that cannot be read", e));
        }
        return records;
    }

    @Override
    public long fill(KafkaProducer<String, byte[]> producer) {
        long sent = 0;
        for (int copy = 0; sent < count; copy++) {
            for (FeedRecord r : recorded) {
                FeedRecord again = new FeedRecord(
                        r.match() + "-" + copy, r.source(), r.seq(), r.at(), r.seen(), r.nextMs(), r.kind(), r.body());
                Load.append(producer, again.match(), FeedJson.write(again));
                sent++;
            }
        }
        return sent;
    }
}
