package touchline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The vendor's endpoints without HTTP: path and parameters in, body and cost out. */
final class OddsEndpoints {

    private static final long DAY_MS = 24 * 3_600_000L;

    private final OddsFeed feed;
    private final LongSupplier clock;

    OddsEndpoints(OddsFeed feed, LongSupplier clock) {
        this.feed = feed;
        this.clock = clock;
    }

    /** A body of JSON and what it costs. */
    static final class Answer {
        final byte[] body;
        final int credits;

        Answer(byte[] body, int credits) {
            this.body = body;
            this.credits = credits;
        }
    }

    /** The list of sports and the events without odds cost nothing. */
    boolean isFree(String path) {
        return path.matches("/v4/sports/?|/v4/sports/[^/]+/events/?");
    }

    Answer answer(String path, Map<String, String> query, boolean nobodyQuotes) throws OddsProblem {
        String[] parts = path.split("/");
        if (parts.length < 3 || !parts[1].equals("v4") || !parts[2].equals("sports") || parts.length > 7) {
            throw notFound(path);
        }
        if (parts.length == 3) {
            return sports(query);
        }
        String sport = parts[3];
        String endpoint = parts.length == 5 ? parts[4] : parts.length == 7 ? parts[4] + "/" + parts[6] : "";
        boolean upcoming = sport.equals("upcoming") && endpoint.equals("odds");
        if (!upcoming && feed.sports().stream().noneMatch(known -> known.key().equals(sport))) {
            throw new OddsProblem(404, "UNKNOWN_SPORT", "Unknown sport");
        }
        return switch (endpoint) {
            case "odds" -> odds(upcoming ? upcoming() : feed.odds(sport), query, nobodyQuotes);
            case "events" -> events(feed.odds(sport), query);
            case "scores" -> scores(feed.scores(sport), query);
            case "events/odds" -> eventOdds(event(sport, parts[5]), query);
            case "events/markets" -> eventMarkets(event(sport, parts[5]), query);
            default -> throw notFound(path);
        };
    }

    private Answer sports(Map<String, String> query) throws OddsProblem {
        String all = query.getOrDefault("all", "false");
        OddsQuery.check(List.of("true", "false").contains(all), "INVALID_ALL_SPORTS_PARAM", "Invalid all: " + all);
        List<Map<String, Object>> sports = feed.sports().stream()
                .filter(sport -> sport.active() || all.equals("true"))
                .map(sport -> Map.<String, Object>of(
                        "key", sport.key(),
                        "group", sport.group(),
                        "title", sport.title(),
                        "description", sport.description(),
                        "active", sport.active(),
                        "has_outrights", false))
                .toList();
        return new Answer(OddsJson.any(sports), 0);
    }

    private static Answer odds(List<ObjectNode> events, Map<String, String> parameters, boolean nobodyQuotes)
            throws OddsProblem {
        OddsQuery query = OddsQuery.odds(parameters, true);
        List<ObjectNode> wanted = wanted(events, query);
        if (nobodyQuotes) {
            wanted.forEach(event -> event.putArray("bookmakers"));
        }
        int credits = wanted.isEmpty() ? 0 : query.markets().size() * query.regionsCharged();
        return new Answer(OddsJson.events(wanted, query, true), credits);
    }

    private static Answer events(List<ObjectNode> events, Map<String, String> parameters) throws OddsProblem {
        OddsQuery query = OddsQuery.events(parameters);
        return new Answer(OddsJson.events(wanted(events, query), query, false), 0);
    }

    private Answer scores(List<ObjectNode> events, Map<String, String> parameters) throws OddsProblem {
        OddsQuery query = OddsQuery.events(parameters);
        String days = parameters.getOrDefault("daysFrom", "0");
        OddsQuery.check(
                days.matches("[1-3]") || !parameters.containsKey("daysFrom"),
                "INVALID_SCORES_DAYS_FROM",
                "Invalid daysFrom: use 1 to 3");
        long since = clock.getAsLong() - Integer.parseInt(days) * DAY_MS;
        List<ObjectNode> wanted = wanted(events, query).stream()
                .filter(event -> !event.path("completed").asBoolean()
                        || (event.path("commence_time").asLong() >= since && !days.equals("0")))
                .toList();
        return new Answer(OddsJson.events(wanted, query, false), days.equals("0") ? 1 : 2);
    }

    private static Answer eventOdds(ObjectNode event, Map<String, String> parameters) throws OddsProblem {
        OddsQuery query = OddsQuery.odds(parameters, false);
        int credits = OddsJson.marketsReturned(event, query) * query.regionsCharged();
        return new Answer(OddsJson.event(event, query), credits);
    }

    private static Answer eventMarkets(ObjectNode event, Map<String, String> parameters) throws OddsProblem {
        return new Answer(OddsJson.markets(event, OddsQuery.odds(parameters, false)), 1);
    }

    private ObjectNode event(String sport, String id) throws OddsProblem {
        OddsQuery.check(id.matches("[0-9a-f]{32}"), "INVALID_EVENT_ID", "Invalid eventId: " + id);
        return feed.odds(sport).stream()
                .filter(event -> event.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow(() -> new OddsProblem(404, "EVENT_NOT_FOUND", "Event not found"));
    }

    /** What is in play, and the next eight over all sports. */
    private List<ObjectNode> upcoming() {
        long now = clock.getAsLong();
        List<ObjectNode> all = new ArrayList<>();
        feed.sports().forEach(sport -> all.addAll(feed.odds(sport.key())));
        all.sort(Comparator.comparingLong(OddsEndpoints::commence));
        long live = all.stream().filter(event -> commence(event) < now).count();
        return all.subList(0, (int) Math.min(all.size(), live + 8));
    }

    private static List<ObjectNode> wanted(List<ObjectNode> events, OddsQuery query) {
        return events.stream()
                .filter(event -> query.wantsEvent(event.path("id").asText(), commence(event)))
                .toList();
    }

    private static long commence(ObjectNode event) {
        return event.path("commence_time").asLong();
    }

    private static OddsProblem notFound(String path) {
        return new OddsProblem(404, "", "No such endpoint: " + path);
    }
}
