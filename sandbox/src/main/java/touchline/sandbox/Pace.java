package touchline.sandbox;

import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeMap;
import touchline.book.MarketRules;
import touchline.config.Setting;

/**
 * Time runs {@code speed} times faster than it was recorded: what the rules call a minute must shrink alike, and the
 * polls with it.
 */
public record Pace(double speed, long pollMs) {

    /** Below this, scheduling noise of a loaded machine would look like silence. */
    private static final long LEAST_MS = 50;

    public Pace {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("--speed " + speed + ": a number above 0 is needed");
        }
    }

    /** The settings that differ from their defaults. */
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        if (speed != 1) {
            for (RecordComponent rule : MarketRules.class.getRecordComponents()) {
                // How long the ended are remembered bounds what a restore can repeat: that is real time.
                if (rule.getName().endsWith("Ms") && !rule.getName().equals("tombstoneMs")) {
                    Setting setting = rule.getAnnotation(Setting.class);
                    settings.put("market." + rule.getName(), text(Long.parseLong(setting.value())));
                }
            }
            settings.put("job.doubtMs", text(60_000));
        }
        settings.put("oddsapi.livePollMs", Long.toString(pollMs));
        settings.put("oddsapi.upcomingPollMs", Long.toString(pollMs));
        settings.put("oddsapi.scoresPollMs", Long.toString(pollMs));
        // A match that is merely unchanged must be spoken of as often as its source has promised.
        settings.put("job.seenEveryMs", Long.toString(Math.min(10_000, pollMs)));
        return settings;
    }

    private String text(long ms) {
        return Long.toString(Math.max(Math.min(ms, LEAST_MS), Math.round(ms / speed)));
    }
}
