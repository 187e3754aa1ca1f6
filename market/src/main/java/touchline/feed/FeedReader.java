package touchline.feed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.price.Prices;

/** One pass over the JSON of a feed record. */
final class FeedReader {

    private final Tokens json;

    private FeedReader(Tokens json) {
        this.json = json;
    }

    static FeedRecord record(byte[] bytes) throws RefusedException {
        return Tokens.whole(() -> FeedJson.FACTORY.createParser(bytes), json -> new FeedReader(json).record());
    }

    static ManualDocument manual(String text) throws RefusedException {
        return Tokens.whole(() -> FeedJson.FACTORY.createParser(text), json -> new FeedReader(json).manual());
    }

    private FeedRecord record() throws IOException, RefusedException {
        String match = null;
        String source = null;
        String from = null;
        Seq seq = null;
        long at = -1;
        long seen = -1;
        long nextMs = 0;
        Kind kind = null;
        Body body = null;
        Tokens.Fields fields = json.object("record");
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "match" -> match = Bounds.matchId(json.string(name));
                case "source" -> source = Bounds.source(json.string(name));
                case "from" -> from = Bounds.matchId(json.string(name));
                case "seq" -> seq = json.seq();
                case "at" -> at = json.number(name);
                case "seen" -> seen = json.number(name);
                case "nextMs" -> nextMs = json.number(name);
                case "kind" -> kind = Words.read(Kind.class, name, json.string(name));
                case "body" -> body = body(kind);
                default -> json.skip();
            }
        }
        if (kind == Kind.TICK) {
            return new FeedRecord("", "", new Seq(0, 0), 0, 0, 0, Kind.TICK, new Tick());
        }
        if (from != null && !(body instanceof View)) {
            throw new RefusedException(Refusal.WRONG_TYPE, "from=" + from + ": only a provider's view has it");
        }
        return new FeedRecord(
                need("match", match),
                need("source", source),
                from,
                need("seq", seq),
                need("at", at),
                need("seen", seen),
                nextMs,
                need("kind", kind),
                need("body", body));
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
                json.skip();
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
        Tokens.Fields fields = json.object("body");
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "full" -> full = json.bool(name);
                case "missing" -> missing = json.bool(name);
                case "fixture" -> fixture = fixture();
                case "quotes" -> quotes = json.list(name, this::quote);
                case "gone" -> gone = json.list(name, this::gone);
                case "stamps" -> stamps = stamps();
                case "score" -> score = score();
                case "incidents" -> incidents = json.list(name, this::incident);
                default -> json.skip();
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
        Tokens.Fields fields = json.object("body");
        for (String name = fields.next(); name != null; name = fields.next()) {
            if (json.isNull()) {
                continue;
            }
            switch (name) {
                case "fixture" -> fixture = fixture();
                case "phase" -> phase = Words.read(Phase.class, name, json.string(name));
                case "period" -> period = Words.read(Period.class, name, json.string(name));
                case "score" -> score = withNumbers(score());
                case "clock" -> clock = clock();
                case "markets" -> markets = json.list(name, this::manualMarket);
                case "incidents" -> incidents = json.list(name, this::incident);
                case "suspend" -> suspend = json.list(name, this::suspended);
                case "deleted" -> deleted = json.bool(name);
                default -> json.skip();
            }
        }
        return new ManualDocument(fixture, phase, period, score, clock, markets, incidents, suspend, deleted);
    }

    private Link link() throws IOException, RefusedException {
        Link.Direction direction = null;
        String other = null;
        boolean linked = true;
        Tokens.Fields fields = json.object("body");
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "to", "from" -> {
                    if (direction != null) {
                        throw new RefusedException(
                                Refusal.WRONG_TYPE, name + ": a link has either to or from, not both");
                    }
                    direction = name.equals("to") ? Link.Direction.TO : Link.Direction.FROM;
                    other = Bounds.matchId(json.string(name));
                }
                case "linked" -> linked = json.bool(name);
                default -> json.skip();
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
        Tokens.Fields fields = json.object("fixture");
        for (String name = fields.next(); name != null; name = fields.next()) {
            if (json.isNull()) {
                continue;
            }
            switch (name) {
                case "sport" -> sport = Bounds.key(name, json.string(name));
                case "league" -> league = Bounds.text(name, json.string(name));
                case "home" -> home = Bounds.text(name, json.string(name));
                case "away" -> away = Bounds.text(name, json.string(name));
                case "start" -> start = json.number(name);
                default -> json.skip();
            }
        }
        return new Fixture(sport, league, home, away, start);
    }

    private Quote quote() throws IOException, RefusedException {
        String bookmaker = null;
        String market = null;
        long at = -1;
        Integer line = null;
        Prices prices = null;
        Tokens.Fields fields = json.object("quotes");
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "bookmaker" -> bookmaker = Bounds.key(name, json.string(name));
                case "market" -> market = Bounds.market(json.string(name));
                case "at" -> at = json.number(name);
                case "line" -> line = json.line();
                case "prices" -> prices = prices();
                default -> json.skip();
            }
        }
        String of = need("quotes.market", market);
        return new Quote(
                need("quotes.bookmaker", bookmaker),
                of,
                need("quotes.at", at),
                line,
                outcomes(of, need("quotes.prices", prices)));
    }

    private ManualDocument.Market manualMarket() throws IOException, RefusedException {
        String market = null;
        Integer line = null;
        long at = -1;
        Prices prices = Prices.NONE;
        Tokens.Fields fields = json.object("markets");
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "market" -> market = Bounds.market(json.string(name));
                case "line" -> line = json.line();
                case "at" -> at = json.number(name);
                case "prices" -> prices = prices();
                default -> json.skip();
            }
        }
        String of = need("markets.market", market);
        return new ManualDocument.Market(of, line, need("markets.at", at), outcomes(of, prices));
    }

    private static Prices outcomes(String market, Prices prices) throws RefusedException {
        if (prices.size() > Bounds.MAX_OUTCOMES) {
            throw new RefusedException(
                    Refusal.TOO_MANY,
                    "prices of market=" + market + ": " + prices.size() + " outcomes, at most " + Bounds.MAX_OUTCOMES);
        }
        for (int place = 0; place < prices.size(); place++) {
            Bounds.outcome(market, prices.outcome(place));
        }
        return prices;
    }

    private Gone gone() throws IOException, RefusedException {
        String bookmaker = null;
        String market = null;
        Tokens.Fields fields = json.object("gone");
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "bookmaker" -> bookmaker = Bounds.key(name, json.string(name));
                case "market" -> market = Bounds.market(json.string(name));
                default -> json.skip();
            }
        }
        return new Gone(need("gone.bookmaker", bookmaker), need("gone.market", market));
    }

    /** Most of what a log holds: by market and bookmaker, so that each costs no more than a name and a number. */
    private List<Stamp> stamps() throws IOException, RefusedException {
        List<Stamp> stamps = new ArrayList<>();
        Tokens.Fields markets = json.keyed("stamps");
        for (String market = markets.next(); market != null; market = markets.next()) {
            Bounds.market(market);
            Tokens.Fields bookmakers = json.keyed(market);
            for (String bookmaker = bookmakers.next(); bookmaker != null; bookmaker = bookmakers.next()) {
                stamps.add(new Stamp(Bounds.key("bookmaker", bookmaker), market, json.number(bookmaker)));
                Bounds.items("stamps", stamps.size());
            }
        }
        return stamps;
    }

    private Score score() throws IOException, RefusedException {
        long home = -1;
        long away = -1;
        boolean completed = false;
        long at = 0;
        Tokens.Fields fields = json.object("score");
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "home" -> home = json.score("score.home");
                case "away" -> away = json.score("score.away");
                case "completed" -> completed = json.bool(name);
                case "at" -> at = json.number(name);
                default -> json.skip();
            }
        }
        if (home < 0 && away < 0) {
            return Score.withoutNumbers(completed, at);
        }
        return new Score((int) need("score.home", home), (int) need("score.away", away), completed, at);
    }

    /** An operator who has no numbers to say leaves the score to the provider. */
    private static Score withNumbers(Score score) throws RefusedException {
        if (!score.hasNumbers()) {
            throw new RefusedException(Refusal.MISSING_FIELD, "score.home: is required");
        }
        return score;
    }

    private Incident incident() throws IOException, RefusedException {
        String id = null;
        Incident.Type type = null;
        Incident.Side side = null;
        Incident.State state = Incident.State.CONFIRMED;
        long at = 0;
        Tokens.Fields fields = json.object("incidents");
        for (String name = fields.next(); name != null; name = fields.next()) {
            if (json.isNull()) {
                continue;
            }
            switch (name) {
                case "id" -> id = Bounds.key("incidents.id", json.string(name));
                case "type" -> type = Words.read(Incident.Type.class, "incidents.type", json.string(name));
                case "side" -> side = Words.read(Incident.Side.class, "incidents.side", json.string(name));
                case "state" -> state = Words.read(Incident.State.class, "incidents.state", json.string(name));
                case "at" -> at = json.number(name);
                default -> json.skip();
            }
        }
        return new Incident(need("incidents.id", id), need("incidents.type", type), side, state, at);
    }

    private Clock clock() throws IOException, RefusedException {
        long at = -1;
        long seconds = -1;
        boolean running = false;
        Tokens.Fields fields = json.object("clock");
        for (String name = fields.next(); name != null; name = fields.next()) {
            switch (name) {
                case "at" -> at = json.number(name);
                case "seconds" -> seconds = json.number(name);
                case "running" -> running = json.bool(name);
                default -> json.skip();
            }
        }
        long upToADay = Math.min(need("clock.seconds", seconds), 86_400);
        return new Clock(need("clock.at", at), (int) upToADay, running);
    }

    private String suspended() throws IOException, RefusedException {
        String market = json.string("suspend");
        return market.equals("*") ? market : Bounds.market(market);
    }

    private Prices prices() throws IOException, RefusedException {
        Prices.Builder prices = new Prices.Builder();
        Tokens.Fields fields = json.object("prices", Refusal.DUPLICATE_OUTCOME);
        for (String outcome = fields.next(); outcome != null; outcome = fields.next()) {
            prices.put(outcome, json.price(outcome));
        }
        return prices.build();
    }

    /** A number that was read is not negative. */
    private static long need(String name, long value) throws RefusedException {
        if (value < 0) {
            throw new RefusedException(Refusal.MISSING_FIELD, name + ": is required");
        }
        return value;
    }

    private static <T> T need(String name, @Nullable T value) throws RefusedException {
        if (value == null) {
            throw new RefusedException(Refusal.MISSING_FIELD, name + ": is required");
        }
        return value;
    }
}
