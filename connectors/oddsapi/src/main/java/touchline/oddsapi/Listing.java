package touchline.oddsapi;

import java.util.List;
import java.util.SortedSet;
import touchline.feed.Refused;
import touchline.feed.View;

/**
 * One answer of the vendor in our words.
 *
 * @param matches those that could be read, in the order of the answer
 * @param ids every match whose id could be read, the refused ones too: they are not missing
 * @param refused what could not be used, each with the part it stands in
 */
record Listing(List<Match> matches, SortedSet<String> ids, List<Refused> refused) {

    /**
     * @param id our match id
     * @param start when it starts; the vendor has no other sign that it is in play
     * @param over the vendor says that it is completed
     * @param at when the vendor last had news of it
     */
    record Match(String id, long start, boolean over, long at, View view) {}
}
