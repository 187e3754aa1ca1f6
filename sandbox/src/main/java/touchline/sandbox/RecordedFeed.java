package touchline.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * A {@link Recording} played in compressed time: at real time T it answers with the latest poll at or before {@code
 * recordedStart + (T - start) * speed}, and every stamp in the answer is moved to {@code start + (stamp -
 * recordedStart) / speed}. So an age in it is an age now, divided by the speed: rules that speak of seconds must shrink
 * alike. Stamps keep their milliseconds. No score was recorded: {@code scores} knows what is in play (by its commence
 * time, with null scores) and what is over: what has left the odds for good after it began, also with null scores.
 */
public final class RecordedFeed implements OddsFeed {

    private static final long RESULTS_KEPT_MS = 3 * 24 * 3_600_000L;

    private final Recording recording;
    private final LongSupplier clock;
    private final double speed;
    private final boolean loop;
    private final long start;
    private final long roundMs;

    RecordedFeed(Recording recording, LongSupplier clock, double speed, boolean loop) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("speed=" + speed + ": above 0 is needed");
        }
        this.recording = recording;
        this.clock = clock;
        this.speed = speed;
        this.loop = loop;
        this.start = clock.getAsLong();
        this.roundMs = recording.endedAt() - recording.startedAt() + recording.intervalMs();
    }

    /** Whether the last poll has been reached; never when it loops. */
    public boolean isOver() {
        return !loop && playhead() >= recording.endedAt();
    }

    /** How long one round takes in real time. */
    public long durationMs() {
        return Math.round((recording.endedAt() - recording.startedAt()) / speed);
    }

    @Override
    public long pollEveryMs() {
        return Math.max(1, Math.round(recording.intervalMs() / speed));
    }

    @Override
    public List<Sport> sports() {
        return recording.tracks().values().stream()
                .map(track -> new Sport(track.sport, group(track.sport), track.title, track.title, true))
                .toList();
    }

    @Override
    public List<ObjectNode> odds(String sport) {
        Recording.Track track = recording.tracks().get(sport);
        if (track == null) {
            return List.of();
        }
        long playhead = playhead();
        long round = round(playhead);
        Recording.Poll poll = track.polls.get(track.at(playhead - round * roundMs));
        List<ObjectNode> events = poll.body().events();
        for (ObjectNode event : events) {
            event.put("id", id(event.path("id").asText(), round));
            VendorJson.stamps(event, stamp -> present(stamp, round));
        }
        return events;
    }

    @Override
    public List<ObjectNode> scores(String sport) {
        Recording.Track track = recording.tracks().get(sport);
        if (track == null) {
            return List.of();
        }
        long playhead = playhead();
        long round = round(playhead);
        long recorded = playhead - round * roundMs;
        int now = track.at(recorded);
        Map<String, Recording.Heard> known = new LinkedHashMap<>();
        for (Recording.Poll poll : track.polls.subList(0, now + 1)) {
            poll.events().forEach(event -> known.put(event.id(), event));
        }
        List<ObjectNode> scores = new ArrayList<>();
        for (Recording.Heard event : known.values()) {
            boolean left = track.lastNamed.getOrDefault(event.id(), now) < now;
            boolean began = event.commence() < recorded;
            if (left && (!began || event.commence() < recorded - RESULTS_KEPT_MS)) {
                continue;
            }
            ObjectNode score = OddsJson.MAPPER.createObjectNode();
            score.put("id", id(event.id(), round));
            score.put("sport_key", event.sport());
            score.put("sport_title", event.title());
            score.put("commence_time", present(event.commence(), round));
            score.put("completed", left);
            score.put("home_team", event.home());
            score.put("away_team", event.away());
            score.putNull("scores");
            score.putNull("last_update");
            scores.add(score);
        }
        return scores;
    }

    /** Recorded time that is now being played; beyond the recording's end in further rounds. */
    private long playhead() {
        return recording.startedAt() + (long) ((clock.getAsLong() - start) * speed);
    }

    private long round(long playhead) {
        return loop ? Math.max(0, (playhead - recording.startedAt()) / roundMs) : 0;
    }

    private long present(long stamp, long round) {
        return start + Math.round((stamp - recording.startedAt() + round * roundMs) / speed);
    }

    private static String id(String recorded, long round) {
        return round == 0
                ? recorded
                : UUID.nameUUIDFromBytes((recorded + "#" + round).getBytes(UTF_8))
                        .toString()
                        .replace("-", "");
    }

    private static String group(String sport) {
        String first = sport.split("_")[0];
        return Character.toUpperCase(first.charAt(0)) + first.substring(1);
    }
}
