package touchline.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Feed records at a fixed rate into the log, until their price is read from Redis; and the bare hop through Kafka. */
final class FeedLatency {

    private static final int MATCHES = 200;
    private static final int SHARDS = 16;

    private FeedLatency() {}

    static List<Figure> measure(Map<String, String> set, int perSecond, int seconds) throws Exception {
        Histogram fromIntended = new SynchronizedHistogram(3);
        Histogram fromAppended = new SynchronizedHistogram(3);
        Histogram hop = new SynchronizedHistogram(3);
        Map<String, long[]> sent = new ConcurrentHashMap<>();
        AtomicLong seen = new AtomicLong();
        try (Rig rig = new Rig(Map.of("market.minQuotes", "1"), set)) {
            rig.startMarketJob();
            KafkaProducer<String, byte[]> producer = rig.producer(false);
            Load load = new Load(MATCHES);
            for (int m = 0; m < MATCHES; m++) {
                Load.append(producer, load.match(m), load.fixture(load.match(m)));
            }
            producer.flush();
            rig.opened(new Watch(rig.redis.uri(), SHARDS, (update, nanos) -> {
                String price = update.set().get("h2h/home");
                long[] times = price == null ? null : sent.remove(update.match() + " " + price);
                if (times != null) {
                    fromIntended.recordValue(Math.max(0, (nanos - times[0]) / 1000));
                    if (times[1] > 0) {
                        fromAppended.recordValue(Math.max(0, (nanos - times[1]) / 1000));
                    }
                    seen.incrementAndGet();
                }
            }));
            HopReader reader = rig.opened(new HopReader(rig.kafka.bootstrap(), sent, hop));
            warmUp(producer, load, perSecond, sent, seen);
            fromIntended.reset();
            fromAppended.reset();
            hop.reset();
            OpenSchedule.run(perSecond, seconds, (n, intended) -> send(producer, load, sent, intended));
            Rig.await("the last update", Duration.ofSeconds(30), sent::isEmpty);
            if (reader.failed()) {
                throw new IllegalStateException("the bare reader died");
            }
        }
        List<Figure> figures = new ArrayList<>();
        String at = " at " + perSecond + "/s";
        figures.add(Figure.latency("feed record, intended send -> Redis" + at, fromIntended));
        figures.add(Figure.latency("feed record, appended (acknowledged) -> Redis" + at, fromAppended));
        figures.add(Figure.latency("  floor: intended send -> bare Kafka consumer" + at, hop));
        return figures;
    }

    private static void warmUp(
            KafkaProducer<String, byte[]> producer, Load load, int perSecond, Map<String, long[]> sent, AtomicLong seen)
            throws Exception {
        OpenSchedule.run(perSecond, 45, (n, intended) -> send(producer, load, sent, intended));
        Rig.await("the warm-up", Duration.ofSeconds(60), sent::isEmpty);
        if (seen.get() == 0) {
            throw new IllegalStateException("no update came out of the market job");
        }
    }

    private static void send(
            KafkaProducer<String, byte[]> producer, Load load, Map<String, long[]> sent, long intended) {
        Load.Change change = load.next();
        long[] times = {intended, 0};
        sent.put(change.match() + " " + change.price(), times);
        var unused = producer.send(
                new ProducerRecord<>("feed", change.match(), change.record()),
                (metadata, e) -> times[1] = System.nanoTime());
    }

    /** A plain consumer of the log beside the job: what one hop through Kafka costs here and now. */
    private static final class HopReader implements AutoCloseable {

        private volatile boolean closed;
        private volatile boolean failed;

        HopReader(String bootstrap, Map<String, long[]> sent, Histogram hop) {
            Thread thread = new Thread(() -> read(bootstrap, sent, hop), "hop");
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((t, e) -> failed = true);
            thread.start();
        }

        boolean failed() {
            return failed;
        }

        private void read(String bootstrap, Map<String, long[]> sent, Histogram hop) {
            Properties properties = new Properties();
            properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
            properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
            try (KafkaConsumer<String, byte[]> consumer =
                    new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
                List<TopicPartition> partitions = new ArrayList<>();
                consumer.partitionsFor("feed").forEach(p -> partitions.add(new TopicPartition("feed", p.partition())));
                consumer.assign(partitions);
                consumer.seekToEnd(partitions);
                while (!closed) {
                    for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                        long nanos = System.nanoTime();
                        String price = record.key() == null ? null : Load.price(record.value());
                        long[] times = price == null ? null : sent.get(record.key() + " " + price);
                        if (times != null) {
                            hop.recordValue(Math.max(0, (nanos - times[0]) / 1000));
                        }
                    }
                }
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
