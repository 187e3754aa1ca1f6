package touchline.sandbox;

import java.util.Map;

/** Bookmakers that the vendor is known to carry, by region. */
final class Bookmakers {

    private static final Map<String, String> REGIONS = Map.ofEntries(
            Map.entry("pinnacle", "eu"),
            Map.entry("onexbet", "eu"),
            Map.entry("matchbook", "eu"),
            Map.entry("betfair_ex_eu", "eu"),
            Map.entry("betfair_ex_uk", "uk"),
            Map.entry("betfair_sb_uk", "uk"),
            Map.entry("smarkets", "uk"),
            Map.entry("unibet_uk", "uk"),
            Map.entry("williamhill", "uk"),
            Map.entry("paddypower", "uk"),
            Map.entry("ladbrokes_uk", "uk"));

    private Bookmakers() {}

    /** The region it is quoted in; the American ones are the rest. */
    static String region(String bookmaker) {
        return REGIONS.getOrDefault(bookmaker, "us");
    }
}
