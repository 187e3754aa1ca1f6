package touchline.cluster;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import touchline.audit.Speech;

/**
 * Breaks clusters under load, one fault after another, and judges after each. 0 when every promise was kept, 1 when one
 * was broken, 2 when it could not run. What it found goes to {@code docs/reliability.md}.
 */
@Command(
        name = "chaos",
        description = "Break a cluster under load, fault by fault, and judge: writes docs/reliability.md.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Chaos implements Callable<Integer> {

    private static final int MOST_OPERATED = 1_000;

    @Option(names = "--fault", paramLabel = "NAME", description = "only this one, as often as wanted; --list tells all")
    private List<String> names = new ArrayList<>();

    @Option(names = "--runs", paramLabel = "N", defaultValue = "3", description = "of each (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(names = "--list", description = "tell the faults and end")
    private boolean list;

    @Option(names = "--keep", description = "leave the cluster up, and use one that stands")
    private boolean keep;

    @Option(
            names = "--matches",
            paramLabel = "N",
            defaultValue = "12",
            description = "simulated grounds (default: ${DEFAULT-VALUE})")
    private int matches;

    @Option(
            names = "--operated",
            paramLabel = "N",
            defaultValue = "" + Scene.OPERATED,
            description = {
                "matches that operators run (default: ${DEFAULT-VALUE}). Each commits a change every 600 ms: with more of them a",
                "short interruption is told more exactly, and a longer one is longer where cores are few"
            })
    private int operated;

    @Option(
            names = "--recordings",
            paramLabel = "DIR",
            description = "recorded days instead of simulated matches: its odds-api-*.jsonl[.gz], over and over")
    private @Nullable Path recordings;

    @Option(
            names = "--from",
            paramLabel = "COMMIT",
            defaultValue = "HEAD~1",
            description = "the version that is upgraded from, as git names it (default: ${DEFAULT-VALUE})")
    private String from = "HEAD~1";

    @Option(names = "--report", paramLabel = "FILE", description = "instead of docs/reliability.md")
    private @Nullable Path report;

    @Spec
    private @Nullable CommandSpec spec;

    private @Nullable Thread hook;
    private final Map<Fault, Outcome> outcomes = new LinkedHashMap<>();

    Chaos() {}

    public static void main(String[] args) {
        System.exit(Speech.commandLine(new Chaos()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Speech.out(spec);
        if (list) {
            Fault.all().forEach(fault -> Speech.tell(out, String.format("%-22s %s", fault.word(), fault.title())));
            return 0;
        }
        List<Fault> faults = faults();
        if (operated < 1 || operated > MOST_OPERATED) {
            throw new ParameterException(
                    java.util.Objects.requireNonNull(spec).commandLine(),
                    "--operated " + operated + ": from 1 to " + MOST_OPERATED + " matches");
        }
        Load load = recordings == null ? Load.simulated(matches, 10) : Load.recorded(recordings);
        if (keep && Standing.exists()) {
            strike(Standing.read(), load, faults, runs);
        } else {
            for (Scenery scenery : Scenery.values()) {
                List<Fault> here = faults.stream()
                        .filter(fault -> fault.scenery() == scenery)
                        .toList();
                for (int i = 0; i < (here.isEmpty() ? 0 : scenery.isUsedUp() ? runs : 1); i++) {
                    raise(scenery, load, here, scenery.isUsedUp() ? 1 : runs);
                }
            }
        }
        Speech.tell(out, "written: " + report());
        return outcomes.values().stream().anyMatch(Outcome::broken) ? 1 : 0;
    }

    private Path report() {
        return report == null ? Roots.root().resolve("docs/reliability.md") : report;
    }

    private List<Fault> faults() {
        Map<String, Fault> known = new TreeMap<>();
        Fault.all().forEach(fault -> known.put(fault.word(), fault));
        List<Fault> wanted = new ArrayList<>();
        for (String name : names) {
            Fault fault = known.get(name);
            if (fault == null) {
                CommandLine line = java.util.Objects.requireNonNull(spec).commandLine();
                throw new ParameterException(line, "--fault " + name + ": one of " + known.keySet());
            }
            wanted.add(fault);
        }
        return wanted.isEmpty() ? Fault.all() : wanted;
    }

    /** A cluster of its own for these. */
    private void raise(Scenery scenery, Load load, List<Fault> faults, int times) throws IOException {
        Plan plan;
        try {
            plan = scenery.plan(load, from);
        } catch (EarlierJar.NoneException e) {
            skip(load, faults, Speech.words(e));
            return;
        }
        if (!keep && hook == null) {
            hook = Standing.endsWithThisJvm();
        }
        Consumer<String> progress = text -> Speech.tell(Speech.out(spec), "  " + text);
        if (!ClassArchive.areThere()) {
            archive(load, progress);
        }
        Standing standing = Assembly.up(plan, progress);
        try {
            strike(standing, load, faults, times);
        } finally {
            if (!keep) {
                standing.down();
            }
        }
    }

    /** Whoever has taken over has loaded what is needed for that. */
    private static void archive(Load load, Consumer<String> progress) {
        progress.accept("once: a cluster whose processes' classes are kept, for those of the next ones");
        Standing once = Assembly.up(Plan.usual(2, load, Map.of()), progress);
        try (Scene scene = new Scene(once)) {
            for (Fault fault : List.of(Death.TASKMANAGER_KILL, Death.JOBMANAGER_KILL)) {
                // Counts for no row, but what it breaks is told.
                Trial.of(scene, fault).lines(fault, 0).forEach(progress);
            }
            ClassArchive.make(once, progress);
        } finally {
            once.down();
        }
    }

    private void skip(Load load, List<Fault> faults, String why) throws IOException {
        for (Fault fault : faults) {
            outcome(fault).skipped(why);
            Speech.tell(Speech.out(spec), fault.word() + " skipped: " + why);
        }
        Reliability.write(report(), outcomes, load, operated);
    }

    private Outcome outcome(Fault fault) {
        return outcomes.computeIfAbsent(fault, one -> new Outcome());
    }

    private void strike(Standing standing, Load load, List<Fault> faults, int times) throws IOException {
        PrintWriter out = Speech.out(spec);
        try (Scene scene = new Scene(standing, operated)) {
            Speech.tell(out, "under load: " + load.title() + ", " + operated + " of operators");
            for (Fault fault : faults) {
                if (fault.obstacle(scene).isPresent()) {
                    skip(load, List.of(fault), fault.obstacle(scene).get());
                    continue;
                }
                for (int run = 1; run <= times; run++) {
                    scene.awaitSettled();
                    Trial trial = Trial.of(scene, fault);
                    outcome(fault).add(trial.redisMs(), trial.clientMs(), trial.broken());
                    trial.lines(fault, outcome(fault).runs()).forEach(line -> Speech.tell(out, line));
                }
                // At once: what was found must not be lost with what comes after.
                Reliability.write(report(), outcomes, load, operated);
            }
        }
    }
}
