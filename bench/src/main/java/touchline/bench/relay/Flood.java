package touchline.bench.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * A thousand clients that are all sent everything, each message flushed alone or many in one frame; the same from a bare
 * server in the same run, which is the floor of what it is built on.
 */
final class Flood {

    static final int CLIENTS = 1_000;

    static final List<Steady.Step> STEPS = List.of(
            new Steady.Step(CLIENTS, 60_000, 0, 1),
            new Steady.Step(CLIENTS, 100_000, 0, 1),
            new Steady.Step(CLIENTS, 400_000, 0, 20),
            new Steady.Step(CLIENTS, 1_000_000, 0, 20));

    private final Stage.Choice choice;

    Flood(Stage.Choice choice) {
        this.choice = choice;
    }

    boolean measure() throws Exception {
        System.out.println();
        System.out.println(Outcome.head());
        Map<String, Outcome> floors = floors();
        List<Outcome> outcomes = new ArrayList<>();
        boolean right = new Steady(choice).measure("flood", STEPS, outcomes);
        for (Outcome outcome : outcomes) {
            Outcome floor = floors.get(outcome.name());
            if (floor != null) {
                System.out.printf(
                        Locale.ROOT,
                        "%s: %,.0f patches per CPU-second of the relay, %,.0f of a bare server: %.0f %%; %,.0f and %,.0f frames;"
                                + " p99 %.1f and %.1f ms%n",
                        outcome.name(),
                        outcome.perCpuSecond(),
                        floor.perCpuSecond(),
                        100 * outcome.perCpuSecond() / floor.perCpuSecond(),
                        outcome.framesPerCpuSecond(),
                        floor.framesPerCpuSecond(),
                        outcome.millis("passed", 99),
                        floor.millis("passed", 99));
            }
        }
        return right;
    }

    /** What a bare server does, by the step's name. */
    Map<String, Outcome> floors() throws Exception {
        Map<String, Outcome> floors = new HashMap<>();
        try (FleetProcess fleet =
                        new FleetProcess(Steady.CLOCK, choice.directory().resolve("fleet.log"));
                BareProcess bare = new BareProcess(
                        Steady.CLOCK,
                        Steady.MATCHES,
                        choice.relayOptions(),
                        choice.directory().resolve("bare.log"))) {
            fleet.grow(CLIENTS, List.of(bare.port()), FleetProcess.ALL, 1, "");
            for (Steady.Step step : STEPS) {
                Outcome floor = floor(step, fleet, bare);
                System.out.println(floor.row());
                System.out.print(floor.doubts());
                floors.put(step.name(), floor);
            }
        }
        return floors;
    }

    private Outcome floor(Steady.Step step, FleetProcess fleet, BareProcess bare) throws Exception {
        long start = Steady.CLOCK.micros() + 500_000;
        long from = start + choice.warmUp() * 1_000_000L;
        long to = from + choice.seconds() * 1_000_000L;
        fleet.record(from - 500, to - 500, 1_000_000L * Steady.MATCHES / ((long) step.together() * step.calls()));
        bare.run(start, step.together(), step.calls(), choice.warmUp() + choice.seconds());
        Spent spent = new Spent(List.of(bare.pid()), fleet.pid());
        Pause.millis(Math.max(0, from - Steady.CLOCK.micros()) / 1000);
        spent.begin();
        bare.answer();
        spent.end();
        Pause.millis(2000);
        return new Outcome(
                "floor: " + step.name(),
                CLIENTS,
                0,
                step.together(),
                choice.seconds(),
                (long) step.together() * step.calls() * choice.seconds(),
                spent,
                fleet.report(),
                new Histogram(Tally.HIGHEST_MICROS, 3),
                null);
    }
}
