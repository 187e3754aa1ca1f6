package touchline.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of the odds endpoints, checked as the vendor checks it: a bad parameter is 422 with its code,
 * unknown ones are ignored. {@code bookmakers} beats {@code regions}, and ten bookmakers cost as much as a region.
 */
record OddsQuery(
        Set<String> regions,
        Set<String> bookmakers,
        Set<String> markets,
        boolean unix,
        boolean american,
        Set<String> eventIds,
        long commenceFrom,
        long commenceTo) {

    private static final Set<String> REGIONS = Set.of("us", "us2", "uk", "au", "eu", "us_dfs", "us_ex", "fr", "se");
    private static final Set<String> FEATURED = Set.of("h2h", "spreads", "totals", "outrights", "h2h_lay");

    /** With regions or bookmakers, and markets. */
    static OddsQuery odds(Map<String, String> query, boolean featuredOnly) throws OddsProblem {
        Set<String> bookmakers = list(query, "bookmakers");
        for (String bookmaker : bookmakers) {
            check(bookmaker.matches("[a-z0-9_]{1,40}"), "INVALID_BOOKMAKERS", "Invalid bookmakers: " + bookmaker);
        }
        Set<String> regions = list(query, "regions");
        check(!regions.isEmpty() || !bookmakers.isEmpty(), "MISSING_REGION", "Missing regions");
        for (String region : regions) {
            check(REGIONS.contains(region), "INVALID_REGION", "Invalid region: " + region);
        }
        Set<String> markets = query.containsKey("markets") ? list(query, "markets") : Set.of("h2h");
        check(!markets.isEmpty(), "MISSING_MARKET", "Missing markets");
        for (String market : markets) {
            check(
                    featuredOnly ? FEATURED.contains(market) : market.matches("[a-z0-9_]{1,60}"),
                    "INVALID_MARKET",
                    "Invalid markets: " + market);
        }
        check(
                !markets.contains("outrights") || markets.size() == 1,
                "INVALID_MARKET_COMBO",
                "outrights cannot be combined with other markets");
        for (String flag : List.of(
                "includeLinks", "includeSids", "includeBetLimits", "includeMultipliers", "includeRotationNumbers")) {
            String code = "INVALID_" + flag.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
            check(List.of("true", "false").contains(query.getOrDefault(flag, "false")), code, "Invalid " + flag);
        }
        String format = query.getOrDefault("oddsFormat", "decimal");
        check(List.of("decimal", "american").contains(format), "INVALID_ODDS_FORMAT", "Invalid oddsFormat: " + format);
        OddsQuery events = events(query);
        return new OddsQuery(
                regions,
                bookmakers,
                markets,
                events.unix,
                format.equals("american"),
                events.eventIds,
                events.commenceFrom,
                events.commenceTo);
    }

    /** Of the endpoints without odds: which events, and how to write times. */
    static OddsQuery events(Map<String, String> query) throws OddsProblem {
        String dates = query.getOrDefault("dateFormat", "iso");
        check(List.of("iso", "unix").contains(dates), "INVALID_DATE_FORMAT", "Invalid dateFormat: " + dates);
        Set<String> ids = list(query, "eventIds");
        for (String id : ids) {
            check(id.matches("[0-9a-f]{32}"), "INVALID_EVENT_IDS", "Invalid eventIds: " + id);
        }
        long from = time(query.get("commenceTimeFrom"), Long.MIN_VALUE, "INVALID_COMMENCE_TIME_FROM");
        long to = time(query.get("commenceTimeTo"), Long.MAX_VALUE, "INVALID_COMMENCE_TIME_TO");
        check(from <= to, "INVALID_COMMENCE_TIME_RANGE", "commenceTimeFrom must not be after commenceTimeTo");
        return new OddsQuery(Set.of(), Set.of(), Set.of(), dates.equals("unix"), false, ids, from, to);
    }

    /** How many regions the bookmakers or regions count as. */
    int regionsCharged() {
        return bookmakers.isEmpty() ? regions.size() : (bookmakers.size() + 9) / 10;
    }

    boolean wantsBookmaker(String key) {
        return bookmakers.isEmpty() ? regions.contains(Bookmakers.region(key)) : bookmakers.contains(key);
    }

    boolean wantsEvent(String id, long commence) {
        return (eventIds.isEmpty() || eventIds.contains(id)) && commence >= commenceFrom && commence <= commenceTo;
    }

    static Map<String, String> parse(@Nullable String rawQuery) {
        Map<String, String> query = new LinkedHashMap<>();
        if (rawQuery != null) {
            for (String pair : rawQuery.split("&")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    query.put(
                            URLDecoder.decode(pair.substring(0, equals), UTF_8),
                            URLDecoder.decode(pair.substring(equals + 1), UTF_8));
                }
            }
        }
        return query;
    }

    static void check(boolean fine, String code, String message) throws OddsProblem {
        if (!fine) {
            throw new OddsProblem(422, code, message);
        }
    }

    private static long time(@Nullable String text, long otherwise, String code) throws OddsProblem {
        try {
            return text == null ? otherwise : Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new OddsProblem(422, code, "Invalid time, use YYYY-MM-DDTHH:MM:SSZ");
        }
    }

    private static Set<String> list(Map<String, String> query, String name) {
        List<String> items =
                new ArrayList<>(Arrays.asList(query.getOrDefault(name, "").split(",")));
        items.removeIf(String::isBlank);
        return new LinkedHashSet<>(items);
    }
}
