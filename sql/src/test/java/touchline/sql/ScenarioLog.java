package touchline.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import touchline.book.MapStore;
import touchline.book.MarketMachine;
import touchline.book.MarketRules;
import touchline.book.Quotation;
import touchline.book.QuotationJson;
import touchline.book.Step;
import touchline.config.Settings;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.RefusedException;
import touchline.update.MarketUpdate;
import touchline.update.UpdateJson;

/** The golden conversations one after the other, each with matches of its own, as the topics that the jobs would have written. */
final class ScenarioLog {

    static final int PARTITIONS = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    final List<MarketUpdate> updates = new ArrayList<>();

    static ScenarioLog read() throws IOException {
        ScenarioLog log = new ScenarioLog();
        for (String name : Scenarios.names()) {
            log.play(name);
        }
        return log;
    }

    private void play(String name) throws IOException {
        List<String> lines = Files.readAllLines(Scenarios.directory().resolve(name + ".in.jsonl"));
        Map<String, String> settings = new HashMap<>();
        JSON.readTree(lines.get(0))
                .path("rules")
                .properties()
                .forEach(rule ->
                        settings.put("market." + rule.getKey(), rule.getValue().asText()));
        MarketMachine machine = new MarketMachine(new Settings(settings).as(MarketRules.class, "market"));
        Map<String, MapStore> books = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String own = line.replace("\"oddsapi:", "\"oddsapi:" + name + "-")
                    .replace("\"manual:", "\"manual:" + name + "-");
            JsonNode one = JSON.readTree(own);
            long time = one.path("t").asLong();
            if (one.has("wake")) {
                String match = one.path("wake").asText();
                say(machine.wake(books.computeIfAbsent(match, it -> new MapStore()), match, time), time);
            } else if (one.path("hear").isObject()) {
                hear(machine, books, JSON.writeValueAsBytes(one.path("hear")), time);
            }
        }
    }

    private void hear(MarketMachine machine, Map<String, MapStore> books, byte[] bytes, long time) {
        FeedRecord record;
        try {
            record = FeedJson.read(bytes);
        } catch (RefusedException e) {
            return;
        }
        send("feed", record.match(), record.match().getBytes(UTF_8), bytes, time);
        say(machine.apply(books.computeIfAbsent(record.match(), it -> new MapStore()), record, time), time);
    }

    private void say(Step step, long time) {
        for (MarketUpdate update : step.updates()) {
            updates.add(update);
            send("updates", update.match(), update.match().getBytes(UTF_8), UpdateJson.write(update), time);
        }
        for (Quotation quotation : step.quotations()) {
            send("quotes", quotation.match(), QuotationJson.key(quotation), QuotationJson.value(quotation), time);
        }
    }

    private void send(String topic, String match, byte[] key, byte @Nullable [] value, long time) {
        int partition = Math.floorMod(match.hashCode(), PARTITIONS);
        records.add(new ProducerRecord<>(topic, partition, time, key, value));
    }
}
