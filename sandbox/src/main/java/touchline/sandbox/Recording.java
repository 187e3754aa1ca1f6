package touchline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Real answers of {@code /v4/sports/{sport}/odds} in the order in which they came: files of one JSON object a line,
 * {@code {"polled_at": ISO time, "body": [the array as answered]}}, plain or gzipped. Files of the same sport are one
 * recording; each file holds one sport. Prices may be American or decimal. Kept compressed in memory.
 */
public final class Recording {

    private final Map<String, Track> tracks;

    private Recording(Map<String, Track> tracks) {
        this.tracks = tracks;
    }

    /** @throws IllegalArgumentException when a line is not a poll, or a file has no event; the message names it */
    public static Recording read(Path... files) {
        Map<String, List<Poll>> polls = new HashMap<>();
        for (Path file : files) {
            List<Poll> ofFile = polls(file);
            String sport = ofFile.stream()
                    .flatMap(poll -> poll.events().stream())
                    .map(Heard::sport)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(file + " holds no event"));
            polls.computeIfAbsent(sport, key -> new ArrayList<>()).addAll(ofFile);
        }
        if (polls.isEmpty()) {
            throw new IllegalArgumentException("a recording is at least one file");
        }
        Map<String, Track> tracks = new HashMap<>();
        polls.forEach((sport, list) -> tracks.put(sport, new Track(sport, list)));
        return new Recording(tracks);
    }

    /** ms UTC of the first poll, over all sports. */
    public long startedAt() {
        return tracks.values().stream().mapToLong(Track::first).min().orElseThrow();
    }

    /** ms UTC of the last poll. */
    public long endedAt() {
        return tracks.values().stream().mapToLong(Track::last).max().orElseThrow();
    }

    /** The usual time between two polls of a sport. */
    public long intervalMs() {
        return tracks.values().stream().mapToLong(Track::interval).min().orElseThrow();
    }

    public int polls() {
        return tracks.values().stream().mapToInt(track -> track.polls.size()).sum();
    }

    /**
     * Plays from now on, so much faster than it was recorded, and then stays at its last poll.
     *
     * @param clock ms UTC
     */
    public RecordedFeed play(LongSupplier clock, double speed) {
        return new RecordedFeed(this, clock, speed, false);
    }

    /** Plays for ever; every further round is of new matches: the same ones under other ids. */
    public RecordedFeed loop(LongSupplier clock, double speed) {
        return new RecordedFeed(this, clock, speed, true);
    }

    Map<String, Track> tracks() {
        return tracks;
    }

    /** One answer: when, what (gzipped), and which events it named. */
    record Poll(long at, Packed body, List<Heard> events) {}

    /** An event as a poll named it. */
    record Heard(String id, String sport, String title, long commence, String home, String away) {}

    /** One sport's polls in order of time, and when each event was last named. */
    static final class Track {
        final String sport;
        final String title;
        final List<Poll> polls;
        final Map<String, Integer> lastNamed = new HashMap<>();

        Track(String sport, List<Poll> unordered) {
            this.sport = sport;
            polls = new ArrayList<>(unordered);
            polls.sort(Comparator.comparingLong(Poll::at));
            for (int i = 0; i < polls.size(); i++) {
                for (Heard event : polls.get(i).events()) {
                    lastNamed.put(event.id(), i);
                }
            }
            title = polls.stream()
                    .flatMap(poll -> poll.events().stream())
                    .map(Heard::title)
                    .findFirst()
                    .orElse(sport);
        }

        long first() {
            return polls.get(0).at();
        }

        long last() {
            return polls.get(polls.size() - 1).at();
        }

        long interval() {
            if (polls.size() < 2) {
                return 60_000;
            }
            long[] gaps = new long[polls.size() - 1];
            Arrays.setAll(gaps, i -> polls.get(i + 1).at() - polls.get(i).at());
            Arrays.sort(gaps);
            return Math.max(1, gaps[gaps.length / 2]);
        }

        /** The latest poll at or before {@code time}; the first one before any. */
        int at(long time) {
            int found = Collections.binarySearch(
                    polls, new Poll(time, Packed.NOTHING, List.of()), Comparator.comparingLong(Poll::at));
            return Math.max(0, found >= 0 ? found : -found - 2);
        }
    }

    /** Bytes that take a fifteenth of their room. */
    static final class Packed {
        static final Packed NOTHING = new Packed(new byte[0]);

        private final byte[] gzip;

        private Packed(byte[] gzip) {
            this.gzip = gzip;
        }

        static Packed of(byte[] bytes) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
                zip.write(bytes);
            }
            return new Packed(out.toByteArray());
        }

        /** The events of the poll, prices decimal. */
        List<ObjectNode> events() {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
                List<ObjectNode> events = new ArrayList<>();
                for (JsonNode event : OddsJson.MAPPER.readTree(in)) {
                    events.add((ObjectNode) event);
                }
                if (VendorJson.isAmerican(events)) {
                    events.forEach(VendorJson::decimals);
                }
                return events;
            } catch (IOException e) {
                throw new UncheckedIOException("unpacking from memory", e);
            }
        }
    }

    private static List<Poll> polls(Path file) {
        List<Poll> polls = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
                BufferedReader reader = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    polls.add(poll(line));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + ", line " + (polls.size() + 1)
                            + ": {\"polled_at\": ISO time, \"body\": [events]} is needed: " + e.getMessage(),
                    e);
        }
        return polls;
    }

    private static Poll poll(String line) throws IOException {
        JsonNode poll = OddsJson.MAPPER.readTree(line);
        if (!poll.path("body").isArray()) {
            throw new IllegalArgumentException("no body");
        }
        List<Heard> events = new ArrayList<>();
        for (JsonNode event : poll.path("body")) {
            if (!event.isObject()) {
                throw new IllegalArgumentException("an event is not an object");
            }
            String sport = event.path("sport_key").asText();
            events.add(new Heard(
                    event.path("id").asText(),
                    sport,
                    event.path("sport_title").asText(sport),
                    VendorJson.time(event.path("commence_time").asText()),
                    event.path("home_team").asText(),
                    event.path("away_team").asText()));
        }
        return new Poll(
                VendorJson.time(poll.path("polled_at").asText()),
                Packed.of(OddsJson.MAPPER.writeValueAsBytes(poll.path("body"))),
                List.copyOf(events));
    }
}
