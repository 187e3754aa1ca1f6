package touchline.simulator;

import java.util.Set;

/** Which matches a client wants: some by id, those in play, or all. */
record Select(Set<String> ids, boolean liveOnly) {

    static final Select ALL = new Select(Set.of(), false);
    static final Select LIVE = new Select(Set.of(), true);

    boolean names(String match, Cells cells) {
        if (liveOnly) {
            return "live".equals(cells.get("match/phase"));
        }
        return ids.isEmpty() || ids.contains(match);
    }
}
