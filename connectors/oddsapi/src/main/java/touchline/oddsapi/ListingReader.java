package touchline.oddsapi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import touchline.feed.Bounds;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;

/**
 * Reads the answers of {@code /odds} and {@code /scores}. An answer that is not whole is refused whole, so that nothing
 * is found missing by half a list; within a whole one, an event is refused by itself, and within an event's odds a
 * bookmaker's market by itself. Fields it does not know are skipped.
 */
final class ListingReader {

    // NaN is no JSON, but one such price must cost one market and not the whole answer.
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(50).build())
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final int MAX_EVENTS = 20_000;

    private final OddsApiSplit.Group group;
    private final OddsApiConfig config;

    ListingReader(OddsApiSplit.Group group, OddsApiConfig config) {
        this.group = group;
        this.config = config;
    }

    /**
     * @param sentAt when the question was asked, ms UTC; stands in for a stamp that is not there
     * @param seenAt when the answer was read; bounds the stamps
     * @throws RefusedException when the answer as a whole cannot be used
     */
    Listing read(String body, long sentAt, long seenAt) throws RefusedException {
        List<Listing.Match> matches = new ArrayList<>();
        SortedSet<String> ids = new TreeSet<>();
        List<Refused> refused = new ArrayList<>();
        try (JsonParser json = JSON.getFactory().createParser(body)) {
            if (json.nextToken() != JsonToken.START_ARRAY) {
                throw new RefusedException(
                        json.currentToken() == null ? Refusal.NOT_JSON : Refusal.WRONG_TYPE,
                        "answer: an array of events is needed, not " + json.currentToken());
            }
            int count = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (++count > MAX_EVENTS) {
                    throw new RefusedException(Refusal.TOO_MANY, "answer has more than " + MAX_EVENTS + " events");
                }
                event(JSON.readTree(json), matches, ids, refused, new Stamps(sentAt, seenAt + config.maxAheadMs()));
            }
            if (json.nextToken() != null) {
                throw new RefusedException(Refusal.NOT_JSON, "answer: there is more behind the closing bracket");
            }
        } catch (IOException e) {
            throw new RefusedException(Refusal.NOT_JSON, "answer of " + body.length() + " characters: " + cause(e));
        }
        return new Listing(matches, ids, refused);
    }

    private void event(
            JsonNode event, List<Listing.Match> matches, SortedSet<String> ids, List<Refused> refused, Stamps stamps) {
        String match = "";
        try {
            match = Bounds.matchId("oddsapi:" + Fields.text(Fields.object("event", event), "id"));
            if (!ids.add(match)) {
                throw new RefusedException(Refusal.BAD_ID, "id=" + match + ": stands there twice");
            }
            if (group == OddsApiSplit.Group.ODDS) {
                OddsEvent odds = new OddsEvent(match, group.stream(), config.markets(), stamps);
                matches.add(odds.read(event));
                refused.addAll(odds.refused());
            } else {
                ScoreEvent score = new ScoreEvent(match, group.stream(), stamps);
                matches.add(score.read(event));
                refused.addAll(score.refused());
            }
        } catch (RefusedException e) {
            refused.add(new Refused(e.reason(), match, group.stream(), e.detail(), event.toString()));
        }
    }

    /** Jackson's messages cite the source; the first line names token and place. */
    private static String cause(IOException e) {
        return Bounds.clip(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }

    /** Bounds of the stamps in one answer. */
    record Stamps(long sentAt, long latest) {

        /** The field's stamp; the given one when it is not there. */
        long at(JsonNode node, long otherwise) throws RefusedException {
            if (!node.hasNonNull("last_update")) {
                return otherwise;
            }
            long at = Fields.time(node, "last_update");
            if (at > latest) {
                throw new RefusedException(
                        Refusal.STAMP_IN_FUTURE,
                        "last_update=" + Bounds.clip(node.get("last_update").asText())
                                + ": is ahead of this machine; check both clocks");
            }
            return at;
        }
    }
}
