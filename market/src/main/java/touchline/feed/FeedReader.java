package touchline.feed;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One pass over the JSON of a feed record. Every method is called with the parser on the value's first token. */
final class FeedReader {

    private final JsonParser json;

    private FeedReader(JsonParser json) {
        this.json = json;
    }

    static FeedRecord record(byte[] bytes) throws RefusedException {
        try (JsonParser json = FeedJson.FACTORY.createParser(bytes)) {
            json.nextToken();
            FeedRecord record = new FeedReader(json).record();
            if (json.nextToken() != null) {
                throw new RefusedException(Refusal.NOT_JSON, "there is more behind the record's closing brace");
            }
            return record;
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    static ManualDocument manual(String text) throws RefusedException {
        try (JsonParser json = FeedJson.FACTORY.createParser(text)) {
            json.nextToken();
            return new FeedReader(json).manual();
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    private static RefusedException notJson(IOException e) {
        return new RefusedException(Refusal.NOT_JSON, Bounds.clip(String.valueOf(e.getMessage())));
    }

    private FeedRecord record() throws IOException, RefusedException {
        String match = null;
        String source = null;
        Seq seq = null;
        long at = -1;
        long seen = -1;
        long nextMs = 0;
        Kind kind = null;
        Body body = null;
        object("record");
        while (json.nextToken() == FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "match" -> match = Bounds.matchId(string(name));
                case "source" -> source = Bounds.source(string(name));
                case "seq" -> seq = seq();
                case "at" -> at = number(name);
                case "seen" -> seen = number(name);
                case "nextMs" -> nextMs = number(name);
                case "kind" -> kind = Words.read(Kind.class, name, string(name));
                case "body" -> body = body(kind);
                default -> json.skipChildren();
            }
        }
        if (kind == Kind.TICK) {
            return new FeedRecord("", "", new Seq(0, 0), 0, 0, 0, Kind.TICK, new Tick());
        }
        return new FeedRecord(
                need("match", match),
                need("source", source),
                need("seq", seq),
                number("at", at),
                number("seen", seen),
                nextMs,
                need("kind", kind),
                need("body", body));
    }

    private Seq seq() throws IOException, RefusedException {
        array("seq");
        json.nextToken();
        long generation = number("seq[0]");
        json.nextToken();
        long n = number("seq[1]");
        if (json.nextToken() != END_ARRAY) {
            throw new RefusedException(Refusal.WRONG_TYPE, "seq: two numbers are needed, [generation, n]");
        }
        return new Seq(generation, n);
    }

    private Body body(@Nullable Kind kind) throws IOException, RefusedException {
        if (kind == null) {
            throw new RefusedException(Refusal.MISSING_FIELD, "kind: must stand before body");
        }
        return switch (kind) {
            case FIXTURE, QUOTES, SCORE, INCIDENT, SEEN -> view();
            case MANUAL -> manual();
            case LINK -> link();
            case TICK -> {
                json.skipChildren();
                yield new Tick();
            }
        };
    }

    private View view() throws IOException, RefusedException {
        boolean full = false;
        boolean missing = false;
        Fixture fixture = null;
        List<Quote> quotes = List.of();
        List<Gone> gone = List.of();
        List<Stamp> stamps = List.of();
        Score score = null;
        List<Incident> incidents = List.of();
        object("body");
        while (json.nextToken() == FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "full" -> full = bool(name);
                case "missing" -> missing = bool(name);
                case "fixture" -> fixture = fixture();
                case "quotes" -> quotes = list(name, this::quote);
                case "gone" -> gone = list(name, this::gone);
                case "stamps" -> stamps = list(name, this::stamp);
                case "score" -> score = score();
                case "incidents" -> incidents = list(name, this::incident);
                default -> json.skipChildren();
            }
        }
        return new View(full, missing, fixture, quotes, gone, stamps, score, incidents);
    }

    private ManualDocument manual() throws IOException, RefusedException {
        Fixture fixture = null;
        Phase phase = null;
        Period period = null;
        Score score = null;
        Clock clock = null;
        List<ManualDocument.Market> markets = List.of();
        List<Incident> incidents = List.of();
        List<String> suspend = List.of();
        boolean deleted = false;
        object("body");
        while (json.nextToken() == FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken() == VALUE_NULL) {
                continue;
            }
            switch (name) {
                case "fixture" -> fixture = fixture();
                case "phase" -> phase = Words.read(Phase.class, name, string(name));
                case "period" -> period = Words.read(Period.class, name, string(name));
                case "score" -> score = score();
                case "clock" -> clock = clock();
                case "markets" -> markets = list(name, this::manualMarket);
                case "incidents" -> incidents = list(name, this::incident);
                case "suspend" -> suspend = list(name, this::suspended);
                case "deleted" -> deleted = bool(name);
                default -> json.skipChildren();
            }
        }
        return new ManualDocument(fixture, phase, period, score, clock, markets, incidents, suspend, deleted);
    }

    private Link link() throws IOException, RefusedException {
        Link.Direction direction = null;
        String other = null;
        boolean linked = true;
        object("body");
        while (json.nextToken() == FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "to", "from" -> {
                    direction = name.equals("to") ? Link.Direction.TO : Link.Direction.FROM;
                    other = Bounds.matchId(string(name));
                }
                case "linked" -> linked = bool(name);
                default -> json.skipChildren();
            }
        }
        return new Link(need("to or from", direction), need("to or from", other), linked);
    }

    private Fixture fixture() throws IOException, RefusedException {
        String sport = null;
        String league = null;
        String home = null;
        String away = null;
        Long start = null;
        object("fixture");
        while (json.nextToken() == FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken() == VALUE_NULL) {
                continue;
            }
            switch (name) {
                case "sport" -> sport = Bounds.key(name, string(name));
                case "league" -> league = Bounds.text(name, string(name));
                case "home" -> home = Bounds.text(name, string(name));
                case "away" -> away = Bounds.text(name, string(name));
                case "start" -> start = number(name);
                default -> json.skipChildren();
            }
        }
        return new Fixture(sport, league, home, away, start);
    }

    private Quote quote() throws IOException, RefusedException {
        String bookmaker = null;
        String market = null;
        long at = -1;
        Integer line = null;
        SortedMap<String, Integer> prices = null;
        object("quotes");
        while (json.nextToken() == FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "bookmaker" -> bookmaker = Bounds.key(name, string(name));
                case "market" -> market = Bounds.market(string(name));
                case "at" -> at = number(name);
                case "line" -> line = line();
                case "prices" -> prices = prices();
                default -> json.skipChildren();
            }
        }
        String of = need("quotes.market", market);
        return new Quote(
                need("quotes.bookmaker", bookmaker),
                of,
                number("quotes.at", at),
                line,
                outcomes(of, need("quotes.prices", prices)));
    }

    private ManualDocument.Market manualMarket() throws IOException, RefusedException {
        String market = null;
        Integer line = null;
        long at = -1;
        SortedMap<String, Integer> prices = new TreeMap<>();
        object("markets");
        while (json.nextToken() == FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "market" -> market = Bounds.market(string(name));
                case "line" -> line = line();
                case "at" -> at = number(name);
                case "prices" -> prices = prices();
                default -> json.skipChildren();
            }
        }
        String of = need("markets.market", market);
        return new ManualDocument.Market(of, line, number("markets.at", at), outcomes(of, prices));
    }

    private static SortedMap<String, Integer> outcomes(String market, SortedMap<String, Integer> prices)
            throws RefusedException {
        for (String outcome : prices.keySet()) {
            Bounds.outcome(market, outcome);
        }
        return prices;
    }

    private Gone gone() throws IOException, RefusedException {
        Stamp stamp = stamp("gone", 0);
        return new Gone(stamp.bookmaker(), stamp.market());
    }

    private Stamp stamp() throws IOException, RefusedException {
        return stamp("stamps", -1);
    }

    private Stamp stamp(String list, long defaultAt) throws IOException, RefusedException {
        String bookmaker = null;
        String market = null;
        long at = defaultAt;
        object(list);
        while (json.nextToken() == FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "bookmaker" -> bookmaker = Bounds.key(name, string(name));
                case "market" -> market = Bounds.market(string(name));
                case "at" -> at = number(name);
                default -> json.skipChildren();
            }
        }
        return new Stamp(
                need(list + ".bookmaker", bookmaker), need(list + ".market", market), number(list + ".at", at));
    }

    private Score score() throws IOException, RefusedException {
        long home = -1;
        long away = -1;
        boolean completed = false;
        long at = 0;
        object("score");
        while (json.nextToken() == FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "home" -> home = integer(name);
                case "away" -> away = integer(name);
                case "completed" -> completed = bool(name);
                case "at" -> at = number(name);
                default -> json.skipChildren();
            }
        }
        return new Score(Bounds.score("score.home", home), Bounds.score("score.away", away), completed, at);
    }

    private Incident incident() throws IOException, RefusedException {
        String id = null;
        Incident.Type type = null;
        Incident.Side side = null;
        Incident.State state = Incident.State.CONFIRMED;
        long at = 0;
        object("incidents");
        while (json.nextToken() == FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken() == VALUE_NULL) {
                continue;
            }
            switch (name) {
                case "id" -> id = Bounds.key("incidents.id", string(name));
                case "type" -> type = Words.read(Incident.Type.class, "incidents.type", string(name));
                case "side" -> side = Words.read(Incident.Side.class, "incidents.side", string(name));
                case "state" -> state = Words.read(Incident.State.class, "incidents.state", string(name));
                case "at" -> at = number(name);
                default -> json.skipChildren();
            }
        }
        return new Incident(need("incidents.id", id), need("incidents.type", type), side, state, at);
    }

    private Clock clock() throws IOException, RefusedException {
        long at = -1;
        long seconds = -1;
        boolean running = false;
        object("clock");
        while (json.nextToken() == FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "at" -> at = number(name);
                case "seconds" -> seconds = number(name);
                case "running" -> running = bool(name);
                default -> json.skipChildren();
            }
        }
        long upToADay = Math.min(number("clock.seconds", seconds), 86_400);
        return new Clock(number("clock.at", at), (int) upToADay, running);
    }

    private String suspended() throws IOException, RefusedException {
        String market = string("suspend");
        return market.equals("*") ? market : Bounds.market(market);
    }

    private @Nullable Integer line() throws IOException, RefusedException {
        return json.currentToken() == VALUE_NULL ? null : Bounds.line("line", numeric("line"));
    }

    private SortedMap<String, Integer> prices() throws IOException, RefusedException {
        SortedMap<String, Integer> prices = new TreeMap<>();
        object("prices");
        while (json.nextToken() == FIELD_NAME) {
            String outcome = json.currentName();
            json.nextToken();
            int price = Bounds.price("prices." + outcome, numeric("prices." + outcome));
            if (prices.put(outcome, price) != null) {
                throw new RefusedException(Refusal.DUPLICATE_OUTCOME, "prices." + outcome + ": stands there twice");
            }
        }
        return prices;
    }

    private interface Item<T> {
        T read() throws IOException, RefusedException;
    }

    private <T> List<T> list(String name, Item<T> item) throws IOException, RefusedException {
        array(name);
        List<T> list = new ArrayList<>();
        while (json.nextToken() != END_ARRAY) {
            list.add(item.read());
            Bounds.items(name, list.size());
        }
        return list;
    }

    private void object(String name) throws RefusedException {
        expect(START_OBJECT, name, "an object");
    }

    private void array(String name) throws RefusedException {
        expect(START_ARRAY, name, "an array");
    }

    private void expect(JsonToken token, String name, String what) throws RefusedException {
        if (json.currentToken() != token) {
            throw new RefusedException(
                    Refusal.WRONG_TYPE, name + ": " + what + " is needed, not " + json.currentToken());
        }
    }

    private String string(String name) throws IOException, RefusedException {
        expect(VALUE_STRING, name, "a string");
        return json.getText();
    }

    private boolean bool(String name) throws IOException, RefusedException {
        JsonToken token = json.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw new RefusedException(Refusal.WRONG_TYPE, name + ": true or false is needed, not " + token);
        }
        return json.getBooleanValue();
    }

    private long number(String name) throws IOException, RefusedException {
        return number(name, integer(name));
    }

    private static long number(String name, long value) throws RefusedException {
        if (value == -1) {
            throw new RefusedException(Refusal.MISSING_FIELD, name + ": is required");
        }
        return Bounds.number(name, value);
    }

    private long integer(String name) throws IOException, RefusedException {
        expect(JsonToken.VALUE_NUMBER_INT, name, "a whole number");
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new RefusedException(
                    Refusal.WRONG_TYPE, name + "=" + Bounds.clip(json.getText()) + ": must be below 2^53");
        }
        return json.getLongValue();
    }

    private String numeric(String name) throws IOException, RefusedException {
        if (!json.currentToken().isNumeric()) {
            throw new RefusedException(
                    Refusal.WRONG_TYPE, name + "=" + Bounds.clip(json.getText()) + ": a number is needed");
        }
        return json.getText();
    }

    private static <T> T need(String name, @Nullable T value) throws RefusedException {
        if (value == null) {
            throw new RefusedException(Refusal.MISSING_FIELD, name + ": is required");
        }
        return value;
    }
}
