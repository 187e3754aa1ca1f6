package touchline.cluster;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import touchline.audit.Audit;
import touchline.audit.AuditReport;
import touchline.audit.AuditTarget;
import touchline.audit.Speech;
import touchline.book.MarketRules;
import touchline.config.Settings;

/** Says after each fault which promises were broken; one for all faults. */
final class Judge {

    private final Scene scene;

    Judge(Scene scene) {
        this.scene = scene;
    }

    /** What broke a promise, in words; empty when none was broken. */
    List<String> judge(boolean everyRevision) {
        List<String> broken = new ArrayList<>();
        try {
            Scene.await("beats that are not late", scene::isCurrent);
            revisions(everyRevision, broken);
            AuditReport report = audit();
            if (!report.clean()) {
                broken.addAll(report.lines());
            }
            if (report.streams().compared() == 0) {
                broken.add("the audit compared nothing");
            }
        } catch (SQLException | IllegalStateException e) {
            broken.add(Speech.words(e));
        }
        if (scene.reader().tally().broken()) {
            broken.add("a reader of the streams: "
                    + scene.reader().tally().faults().stream().limit(5).toList());
        }
        int same = scene.client().compare(scene.standing.endpoint("relay-1"))
                + scene.client().compare(scene.standing.endpoint("relay-2"));
        if (same == 0) {
            broken.add("no match stood at the same position at the client and at a relay");
        }
        scene.client().faults().forEach(fault -> broken.add("a relay's client: " + fault));
        return broken;
    }

    private AuditReport audit() {
        Map<String, String> rules = new TreeMap<>(scene.standing.settings());
        rules.keySet().removeIf(key -> !key.startsWith("market."));
        return Audit.run(
                new AuditTarget(
                        scene.standing.endpoint("redis"),
                        16,
                        Map.of("bootstrap.servers", scene.kafka()),
                        "feed",
                        900_000,
                        new Settings(rules).as(MarketRules.class, "market")),
                10);
    }

    /** What was committed before now must be told, once or more, in the log. */
    private void revisions(boolean every, List<String> broken) throws SQLException {
        Map<String, Long> written = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(scene.jdbcUrl(), "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select match, rev from touchline.match_document")) {
            while (rows.next()) {
                written.put(rows.getString(1), rows.getLong(2));
            }
        }
        Map<String, TreeSet<Long>> told = new TreeMap<>();
        Scene.await("the last revision of each document in the log", () -> {
            if (!told.isEmpty()) {
                Scene.pause(500); // the whole log is read every time
            }
            told.clear();
            told.putAll(scene.told().revisions());
            return written.entrySet().stream().allMatch(one -> {
                TreeSet<Long> of = told.getOrDefault(one.getKey(), new TreeSet<>());
                return !of.isEmpty() && of.last() >= one.getValue();
            });
        });
        if (every) {
            told.forEach((match, revisions) -> {
                if (written.containsKey(match) && revisions.size() != revisions.last()) {
                    broken.add("of " + match + " the log has " + revisions.size() + " of " + revisions.last()
                            + " revisions");
                }
            });
        }
    }
}
