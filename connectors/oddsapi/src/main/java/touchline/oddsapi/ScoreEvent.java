package touchline.oddsapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.feed.Bounds;
import touchline.feed.Fixture;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.feed.Score;
import touchline.feed.View;

/**
 * One event of {@code /scores}. Scores are strings, joined to the teams by name; {@code scores} is null before the
 * start, and may be at the end. There is no clock, no period and no incident. A match that is listed here and not in
 * {@code /odds} exists all the same, so the view carries the fixture. Some sports' scores are no numbers (cricket's
 * {@code 123/4}, the sets of tennis): such a score is refused by itself, and half a score is none.
 */
final class ScoreEvent {

    private final String match;
    private final String stream;
    private final ListingReader.Stamps stamps;
    private final List<Refused> refused = new ArrayList<>();

    ScoreEvent(String match, String stream, ListingReader.Stamps stamps) {
        this.match = match;
        this.stream = stream;
        this.stamps = stamps;
    }

    /** What of the event was refused while the rest goes on. */
    List<Refused> refused() {
        return refused;
    }

    /** @throws RefusedException when the event as a whole cannot be used */
    Listing.Match read(JsonNode event) throws RefusedException {
        Fixture fixture = Fields.fixture(event);
        boolean completed = part(event, false, () -> Fields.flag(event, "completed"));
        long at = part(event, stamps.sentAt(), () -> stamps.at(event, stamps.sentAt()));
        Score none = Score.withoutNumbers(completed, at);
        Score score = completed ? none : null;
        if (event.hasNonNull("scores")) {
            score = part(event, none, () -> score(fixture, event, completed, at));
        }
        View view = new View(true, false, fixture, List.of(), List.of(), List.of(), score, List.of());
        Long start = fixture.start();
        return new Listing.Match(match, start == null ? Long.MAX_VALUE : start, completed, at, view);
    }

    private interface Part<T> {
        T read() throws RefusedException;
    }

    private <T> T part(JsonNode event, T otherwise, Part<T> part) {
        try {
            return part.read();
        } catch (RefusedException e) {
            refused.add(new Refused(e.reason(), match, stream, e.detail(), event.toString()));
            return otherwise;
        }
    }

    private static Score score(Fixture fixture, JsonNode event, boolean completed, long at) throws RefusedException {
        Integer home = null;
        Integer away = null;
        for (JsonNode side : Fields.array(event, "scores")) {
            Fields.object("scores", side);
            String name = Fields.text(side, "name");
            int value = points(Fields.text(side, "score"));
            if (name.equals(fixture.home()) && home == null) {
                home = value;
            } else if (name.equals(fixture.away()) && away == null) {
                away = value;
            } else {
                throw new RefusedException(
                        Refusal.UNKNOWN_OUTCOME,
                        "scores.name=" + Bounds.clip(name) + ": is neither of the two teams, or stands there twice");
            }
        }
        return new Score(need("home", home), need("away", away), completed, at);
    }

    private static int points(String text) throws RefusedException {
        if (!text.matches("[0-9]{1,6}")) {
            throw new RefusedException(
                    Refusal.SCORE_OUT_OF_BOUNDS, "score=" + Bounds.clip(text) + ": a whole number is needed");
        }
        return Bounds.score("score", Long.parseLong(text));
    }

    private static int need(String side, @Nullable Integer value) throws RefusedException {
        if (value == null) {
            throw new RefusedException(Refusal.MISSING_FIELD, "scores: none of the " + side + " team");
        }
        return value;
    }
}
