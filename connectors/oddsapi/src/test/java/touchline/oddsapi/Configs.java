package touchline.oddsapi;

import java.util.HashMap;
import java.util.Map;
import touchline.config.Settings;

/** Settings with a sport, and what a test sets. */
final class Configs {

    private Configs() {}

    static OddsApiConfig of(Map<String, String> settings) {
        Map<String, String> values = new HashMap<>();
        values.put("oddsapi.sports", "soccer_epl");
        settings.forEach((key, value) -> values.put("oddsapi." + key, value));
        return new Settings(values).as(OddsApiConfig.class, "oddsapi");
    }
}
