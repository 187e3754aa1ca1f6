package touchline.book;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import touchline.config.Settings;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.update.MarketUpdate;
import touchline.update.UpdateJson;

/**
 * A golden conversation: what is heard at which log time, and what is said to it. Read from {@code
 * scenarios/<name>.in.jsonl} and {@code .out.jsonl}, as the README there explains. Whoever claims to run the machine
 * (the machine itself, an operator around it) must say exactly what the out file says, line by line.
 *
 * @param sentence what the scenario shows
 * @param lines in log order; the log time never falls
 */
public record Scenario(Path in, String sentence, MarketRules rules, List<Line> lines) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final String IN = ".in.jsonl";

    /** One thing that happens to the machine at a log time. */
    public sealed interface Line permits Hear, Wake {
        long t();

        /** The match it is about, the key in the log; empty when a record is too broken to tell. */
        String match();
    }

    /** The log has this record; it may be one that cannot be read. */
    public record Hear(long t, String match, String json) implements Line {
        /** The record's value in the log. */
        public byte[] bytes() {
            return json.getBytes(UTF_8);
        }
    }

    /** Log time has come to {@code t} and nothing was heard. */
    public record Wake(long t, String match) implements Line {}

    /** Every scenario in the room {@code scenarios}, by name. */
    public static List<Scenario> all() {
        try (Stream<Path> files = Files.list(room())) {
            return files.filter(file -> file.toString().endsWith(IN))
                    .sorted()
                    .map(Scenario::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory {@code scenarios} of this project, looked for upwards from the working directory. */
    static Path room() {
        Path start = Path.of("").toAbsolutePath();
        for (Path up = start; up != null; up = up.getParent()) {
            Path room = up.resolve("scenarios");
            if (Files.exists(room.resolve("README.md"))) {
                return room;
            }
        }
        throw new IllegalStateException("no directory scenarios with a README.md at or above " + start);
    }

    static Scenario read(Path in) {
        try {
            List<String> texts = Files.readAllLines(in, UTF_8);
            JsonNode head = MAPPER.readTree(texts.get(0));
            Map<String, String> settings = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> rule : head.path("rules").properties()) {
                settings.put("market." + rule.getKey(), rule.getValue().asText());
            }
            List<Line> lines = new ArrayList<>();
            for (String text : texts.subList(1, texts.size())) {
                Line line = line(text);
                if (!lines.isEmpty() && line.t() < lines.get(lines.size() - 1).t()) {
                    throw new IllegalStateException("log time falls at " + in + ": " + text);
                }
                lines.add(line);
            }
            MarketRules rules = new Settings(settings).as(MarketRules.class, "market");
            return new Scenario(in, head.path("scenario").asText(), rules, List.copyOf(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(in.toString(), e);
        }
    }

    private static Line line(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        long t = -1;
        try (JsonParser json = FACTORY.createParser(bytes)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "t" -> t = json.getLongValue();
                    case "wake" -> {
                        return new Wake(t, json.getText());
                    }
                    case "hear" -> {
                        // The record's own bytes: what is wrong with it must stay wrong. A text is garbage as it is.
                        if (value == JsonToken.VALUE_STRING) {
                            return new Hear(t, "", json.getText());
                        }
                        int from = (int) json.currentTokenLocation().getByteOffset();
                        json.skipChildren();
                        int to = (int) json.currentLocation().getByteOffset();
                        String record = new String(bytes, from, to - from, UTF_8);
                        return new Hear(t, MAPPER.readTree(record).path("match").asText(""), record);
                    }
                    default -> throw new IllegalStateException("unknown field " + name + ": " + text);
                }
            }
        }
        throw new IllegalStateException("a line needs t, then hear or wake: " + text);
    }

    /** The file's name without its ending. */
    public String name() {
        String file = Objects.requireNonNull(in.getFileName()).toString();
        return file.substring(0, file.length() - IN.length());
    }

    /** What must be said, a text per line. */
    public List<String> expected() {
        try {
            return Files.readAllLines(out(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path out() {
        return in.resolveSibling(name() + ".out.jsonl");
    }

    /** What was said to one line, as it stands in the out file: updates without wall-clock times. */
    public static String render(long t, List<MarketUpdate> updates, List<Refused> refused) {
        List<String> said = new ArrayList<>();
        for (MarketUpdate update : updates) {
            MarketUpdate timeless = update.withTimes(update.times().decidedAt(0).publishedAt(0));
            said.add(new String(UpdateJson.write(timeless), UTF_8));
        }
        List<String> reasons = new ArrayList<>();
        for (Refused one : refused) {
            reasons.add('"' + one.reason().name() + '"');
        }
        return "{\"t\":" + t + ",\"updates\":[" + String.join(",", said) + "],\"refused\":[" + String.join(",", reasons)
                + "]}";
    }

    /** What the machine itself says, a text per line. A line leaves nothing due at or before its log time. */
    List<String> play() {
        Map<String, MapStore> stores = new TreeMap<>();
        List<String> said = new ArrayList<>();
        for (Line line : lines) {
            MarketMachine machine = new MarketMachine(rules);
            MapStore store = stores.computeIfAbsent(line.match(), match -> new MapStore());
            Step step = play(machine, store, line);
            if (step.wakeAt() <= line.t() || step.wakeAt() != MarketMachine.wakeAt(store)) {
                throw new IllegalStateException(name() + " t=" + line.t() + " wakeAt=" + step.wakeAt());
            }
            said.add(render(line.t(), step.updates(), step.refused()));
        }
        return said;
    }

    public static Step play(MarketMachine machine, BookStore store, Line line) {
        if (line instanceof Wake wake) {
            return machine.wake(store, wake.match(), wake.t());
        }
        Hear hear = (Hear) line;
        @Nullable FeedRecord record = null;
        try {
            record = FeedJson.read(hear.bytes());
            return machine.apply(store, record, hear.t());
        } catch (RefusedException e) {
            Refused refused = new Refused(e.reason(), hear.match(), "", e.detail(), hear.json());
            return new Step(List.of(), List.of(), List.of(refused), MarketMachine.wakeAt(store));
        }
    }
}
