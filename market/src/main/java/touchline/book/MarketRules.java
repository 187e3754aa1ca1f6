package touchline.book;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.lang.reflect.RecordComponent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import touchline.config.Setting;

/**
 * The bookmaker's policy, in settings. Every change here, and every change of the code that can alter an update, needs a
 * higher {@code generation}. Times are in log time, ms; amounts of trust in bookmakers.
 */
public record MarketRules(
        @Setting(value = "1", help = "Raise it with every change that can alter an update, and after a fresh start.")
        int generation,

        @Setting(value = "2", help = "So many fresh bookmakers on the main line open a market.")
        int minQuotes,

        @Setting(value = "90000", help = "In play, a quote counts for this long after its stamp, plus two polls.")
        long freshLiveMs,

        @Setting(
                value = "900000",
                help = "Before the start, a quote counts for this long after its stamp, plus two polls.")
        long freshUpcomingMs,

        @Setting(value = "2000", help = "Bound on the difference between the clocks of two sources.")
        long skewMs,

        @Setting(value = "15000", help = "After a goal, a penalty or a VAR decision, markets stay suspended this long.")
        long goalHoldMs,

        @Setting(value = "15000", help = "A possible goal that nobody confirms holds this long.")
        long possibleGoalHoldMs,

        @Setting(value = "10000", help = "After a red card, markets stay suspended this long.")
        long cardHoldMs,

        @Setting(value = "5000", help = "After kick-off or a change of period, markets stay suspended this long.")
        long phaseHoldMs,

        @Setting(value = "15", help = "In play, a price that moves by more percent than this in one step suspends.")
        int jumpPercent,

        @Setting(value = "5000", help = "After a price jump, a market stays suspended this long.")
        long jumpHoldMs,

        @Setting(
                value =
                        "basketball,tennis,cricket,baseball,americanfootball,aussierules,rugbyleague,rugbyunion,golf,mma,boxing",
                help = "Sports (the key up to its first underscore) in which a new score does not suspend.")
        List<String> freeScoringSports,

        @Setting(value = "3600000", help = "A match that its provider no longer lists ends after this long.")
        long endAfterMissingMs,

        @Setting(value = "86400000", help = "A match ends when everyone who lists it has been silent this long.")
        long endAfterSilentMs,

        @Setting(
                value = "691200000",
                help = "An ended match is remembered this long; longer than the oldest checkpoint.")
        long tombstoneMs,

        @Setting(value = "85", help = "A quote whose implied probabilities add up to less percent is refused.")
        int minBooksumPercent,

        @Setting(value = "200", help = "A quote whose implied probabilities add up to more percent is refused.")
        int maxBooksumPercent,

        @Setting(value = "2000", help = "A quote stamped further in the future than this is refused.")
        long futureMs,

        @Setting(value = "200", help = "Most markets of one match.")
        int maxMarkets,

        @Setting(value = "200", help = "Most bookmakers of one market.")
        int maxBookmakers,

        @Setting(value = "200", help = "Most incidents of one match; the oldest give way.")
        int maxIncidents)
        implements Serializable {

    /** Raised with every change of this package's code that can alter an update. */
    private static final int CODE = 2;

    public MarketRules {
        freeScoringSports = List.copyOf(freeScoringSports);
        atLeast("generation", generation, 1);
        atLeast("minQuotes", minQuotes, 1);
        atLeast("freshLiveMs", freshLiveMs, 1);
        atLeast("freshUpcomingMs", freshUpcomingMs, 1);
        atLeast("skewMs", skewMs, 0);
        atLeast("goalHoldMs", goalHoldMs, 0);
        atLeast("possibleGoalHoldMs", possibleGoalHoldMs, 0);
        atLeast("cardHoldMs", cardHoldMs, 0);
        atLeast("phaseHoldMs", phaseHoldMs, 0);
        atLeast("jumpPercent", jumpPercent, 1);
        atLeast("jumpHoldMs", jumpHoldMs, 0);
        atLeast("endAfterMissingMs", endAfterMissingMs, 1);
        atLeast("endAfterSilentMs", endAfterSilentMs, 1);
        atLeast("tombstoneMs", tombstoneMs, 1);
        atLeast("minBooksumPercent", minBooksumPercent, 0);
        atLeast("maxBooksumPercent", maxBooksumPercent, minBooksumPercent);
        atLeast("futureMs", futureMs, 0);
        atLeast("maxMarkets", maxMarkets, 1);
        atLeast("maxBookmakers", maxBookmakers, 1);
        atLeast("maxIncidents", maxIncidents, 1);
    }

    /** Sixteen hex digits over the code's version and every setting but the generation. */
    public String hash() {
        StringBuilder text = new StringBuilder("code=" + CODE);
        try {
            for (RecordComponent component : MarketRules.class.getRecordComponents()) {
                if (!component.getName().equals("generation")) {
                    text.append('\n').append(component.getName()).append('=');
                    text.append(component.getAccessor().invoke(this));
                }
            }
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (ReflectiveOperationException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("a record's accessors are public, and every JDK has SHA-256", e);
        }
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + "=" + value + " must be at least " + least);
        }
    }
}
