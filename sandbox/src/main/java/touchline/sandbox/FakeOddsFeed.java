package touchline.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A feed that says what a test has put into it, in the vendor's own JSON (decimal or American prices, ISO times), until
 * the test puts something else.
 */
public final class FakeOddsFeed implements OddsFeed {

    private final Map<String, List<ObjectNode>> odds = new LinkedHashMap<>();
    private final Map<String, List<ObjectNode>> scores = new LinkedHashMap<>();

    /** @param events a JSON array as {@code /odds} would answer it */
    public synchronized void odds(String sport, String events) {
        odds.put(sport, parsed(events));
    }

    /** @param events a JSON array as {@code /scores} would answer it */
    public synchronized void scores(String sport, String events) {
        scores.put(sport, parsed(events));
        odds.putIfAbsent(sport, List.of());
    }

    @Override
    public synchronized List<Sport> sports() {
        return odds.keySet().stream()
                .map(key -> new Sport(key, "Sandbox", key, key, true))
                .toList();
    }

    @Override
    public synchronized List<ObjectNode> odds(String sport) {
        return copied(odds.getOrDefault(sport, List.of()));
    }

    @Override
    public synchronized List<ObjectNode> scores(String sport) {
        return copied(scores.getOrDefault(sport, List.of()));
    }

    @Override
    public long pollEveryMs() {
        return 1_000;
    }

    private static List<ObjectNode> parsed(String events) {
        try {
            List<ObjectNode> nodes = new ArrayList<>();
            for (JsonNode event : OddsJson.MAPPER.readTree(events)) {
                ObjectNode node = (ObjectNode) event;
                VendorJson.stamps(node, stamp -> stamp);
                if (VendorJson.isAmerican(List.of(node))) {
                    VendorJson.decimals(node);
                }
                nodes.add(node);
            }
            return nodes;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a JSON array of events is needed", e);
        }
    }

    private static List<ObjectNode> copied(List<ObjectNode> nodes) {
        return nodes.stream().map(ObjectNode::deepCopy).toList();
    }
}
