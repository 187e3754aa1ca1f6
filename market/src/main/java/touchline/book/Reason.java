package touchline.book;

import java.util.Locale;

/** Why a market is suspended. A market is open when it has no reason left. */
public enum Reason {
    GOAL,
    POSSIBLE_GOAL,
    PENALTY,
    RED_CARD,
    VAR,
    PHASE_CHANGE,
    /** A source that the market rests on has not spoken in time. */
    SOURCE_SILENT,
    /** Too few bookmakers quote the market. */
    QUOTES_GONE,
    PRICE_JUMP,
    /** Two sources have different scores. */
    SCORE_CONFLICT,
    /** A trader said so; only a trader lifts it. */
    TRADER,
    /** The book broke an invariant; only a new generation of the rules lifts it. */
    FAULT;

    private final String cell = name().toLowerCase(Locale.ROOT);

    /** The name in the cell {@code @reasons}. */
    public String cell() {
        return cell;
    }
}
