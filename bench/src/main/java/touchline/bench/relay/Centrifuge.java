package touchline.bench.relay;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A relay beside Centrifugo's engine, the centrifuge library in a small Go server: the same updates at the same intended
 * times to the same crowd, in the same run, and a bare Netty server below both. Centrifuge is given the messages made
 * and in order, and asked for nothing but to send them; a relay reads updates from Redis, holds every match, and makes
 * the messages itself.
 */
final class Centrifuge {

    /** Each publication leaves as soon as it comes. */
    private static final List<String> ALONE = List.of();

    /** Each connection waits long enough that what was published together shares a frame; more of it when it is late. */
    private static final List<String> TOGETHER = List.of("-write-delay", "20ms", "-max-frame", "-1");

    private final Stage.Choice choice;
    private final int idle;

    /** @param idle connections of which memory is measured */
    Centrifuge(Stage.Choice choice, int idle) {
        this.choice = choice;
        this.idle = idle;
    }

    boolean measure() throws Exception {
        Path program = GoProgram.build();
        System.out.println();
        System.out.println(Outcome.head());
        Map<String, Outcome> floors = new Flood(choice).floors();
        List<Outcome> relays = new ArrayList<>();
        boolean right = new Steady(choice).measure("centrifuge-relay", Flood.STEPS, relays);
        Map<String, Outcome> centrifuges = new HashMap<>();
        List<Steady.Step> alone = Flood.STEPS.subList(0, 2);
        List<Steady.Step> together = Flood.STEPS.subList(2, 4);
        right &= run(program, "centrifuge", ALONE, alone, centrifuges);
        right &= run(program, "centrifuge", TOGETHER, together, centrifuges);
        // With what a client needs to come back without a loss; one rate of each is enough to see what it costs.
        right &= run(program, "with history", withHistory(ALONE), alone.subList(1, 2), new HashMap<>());
        right &= run(program, "with history", withHistory(TOGETHER), together.subList(0, 1), new HashMap<>());
        Idle.Kept ours = new Idle(choice, idle).relay();
        Idle.Kept theirs = idle(program);
        System.out.println();
        for (Outcome relay : relays) {
            Outcome floor = floors.get(relay.name());
            Outcome centrifuge = centrifuges.get(relay.name());
            if (floor != null && centrifuge != null) {
                System.out.println(ratio(relay, centrifuge, floor));
            }
        }
        System.out.println(ours.sentence("relay"));
        System.out.println(theirs.sentence("centrifuge"));
        System.out.printf(
                Locale.ROOT,
                "resident per idle connection: %.2f times centrifuge's (%.1f and %.1f KB)%n",
                ours.eachKb() / theirs.eachKb(),
                ours.eachKb(),
                theirs.eachKb());
        return right && ours.isRight() && theirs.isRight();
    }

    private static List<String> withHistory(List<String> options) {
        return Stream.concat(options.stream(), Stream.of("-history")).toList();
    }

    private boolean run(
            Path program, String title, List<String> options, List<Steady.Step> steps, Map<String, Outcome> outcomes)
            throws Exception {
        boolean right = true;
        try (CentrifugeStage stage = new CentrifugeStage(program, options, choice, Steady.MATCHES)) {
            stage.grow(Flood.CLIENTS);
            for (Steady.Step step : steps) {
                Outcome outcome = stage.run(title + ": " + step.name(), step.together(), step.calls());
                System.out.println(outcome.row());
                System.out.print(outcome.doubts());
                outcomes.put(step.name(), outcome);
                right &=
                        Boolean.TRUE.equals(outcome.equal()) && outcome.report().wrongs() == 0;
            }
        }
        return right;
    }

    private Idle.Kept idle(Path program) throws Exception {
        try (CentrifugeStage stage = new CentrifugeStage(program, ALONE, choice, Idle.MATCHES)) {
            return new Idle(choice, idle)
                    .kept(
                            stage.server,
                            stage.fleet(),
                            CentrifugeStage.all(Idle.MATCHES),
                            stage.fleet,
                            "[\"bench:%d\"]");
        }
    }

    private static String ratio(Outcome relay, Outcome centrifuge, Outcome floor) {
        return String.format(
                Locale.ROOT,
                "%s: %.2f times centrifuge's patches per CPU-second (%,.0f and %,.0f, bare server %,.0f);"
                        + " p50 %.1f and %.1f ms, p99 %.1f and %.1f, p99.9 %.1f and %.1f, max %.1f and %.1f;"
                        + " resident at the end %,d and %,d MB",
                relay.name(),
                relay.perCpuSecond() / centrifuge.perCpuSecond(),
                relay.perCpuSecond(),
                centrifuge.perCpuSecond(),
                floor.perCpuSecond(),
                relay.millis("passed", 50),
                centrifuge.millis("passed", 50),
                relay.millis("passed", 99),
                centrifuge.millis("passed", 99),
                relay.millis("passed", 99.9),
                centrifuge.millis("passed", 99.9),
                relay.millis("passed", 100),
                centrifuge.millis("passed", 100),
                relay.spent().residentKb / 1024,
                centrifuge.spent().residentKb / 1024);
    }
}
