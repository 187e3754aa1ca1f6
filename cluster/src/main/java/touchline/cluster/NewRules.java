package touchline.cluster;

import java.util.List;
import java.util.Map;

/** Market rules that are changed while there are markets. */
final class NewRules {

    private static final String GENERATION = "market.generation";
    private static final String RULE = "market.goalHoldMs";

    private NewRules() {}

    static void tryThem(Scene scene) {
        int generation = generation(scene);
        Map<String, String> changed = Map.of(RULE, Integer.toString(10_000 + generation));
        String savepoint = scene.jobs.stop(scene.flink.job("MarketJob").orElseThrow());
        refused(scene, savepoint, changed);
        scene.settings(changed);
        raise(scene, savepoint);
    }

    /**
     * What to do when a job was refused for what it would say differently: the next generation, from the savepoint. And once
     * more from the log's beginning, since only that can be folded again and compared.
     */
    static void raise(Scene scene, String savepoint) {
        int generation = generation(scene);
        scene.settings(Map.of(GENERATION, Integer.toString(generation + 1)));
        scene.jobs.run("MarketJob", Plan.builtJar(), savepoint, List.of());
        scene.awaitRecovery();
        // What was restored counts from there, which no fold from the beginning can know: that is for the readers to
        // judge.
        scene.awaitCalm();
        scene.jobs.stop(scene.flink.job("MarketJob").orElseThrow());
        scene.settings(Map.of(GENERATION, Integer.toString(generation + 2)));
        scene.jobs.run("MarketJob", Plan.builtJar(), "", List.of());
    }

    private static int generation(Scene scene) {
        return Integer.parseInt(scene.standing.settings().getOrDefault(GENERATION, "1"));
    }

    /** Was the newest failure that, and did it say what to do? */
    static boolean isRefusal(String reason) {
        return reason.contains("raise " + GENERATION);
    }

    /** Under the generation that Redis has heard other rules of. */
    private static void refused(Scene scene, String savepoint, Map<String, String> changed) {
        int before = scene.flink.failures("MarketJob").size();
        List<String> arguments = Assembly.lines(changed).stream()
                .flatMap(line -> List.of("--set", line).stream())
                .toList();
        scene.jobs.run("MarketJob", Plan.builtJar(), savepoint, arguments);
        Scene.await(
                "other rules to be refused",
                () -> scene.flink.failures("MarketJob").size() > before);
        String reason = scene.flink.failures("MarketJob").get(0);
        if (!isRefusal(reason)) {
            throw new IllegalStateException("other rules were not refused with what to do, but: " + reason);
        }
    }
}
