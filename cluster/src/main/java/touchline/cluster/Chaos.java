package touchline.cluster;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Breaks a cluster under load, one fault after another, and judges after each. 0 when every promise was kept, 1 when one
 * was broken, 2 when it could not run. What it found goes to {@code docs/reliability.md}.
 */
@Command(
        name = "chaos",
        description = "Break a cluster under load, fault by fault, and judge: writes docs/reliability.md.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Chaos implements Callable<Integer> {

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

    @Option(names = "--report", paramLabel = "FILE", description = "instead of docs/reliability.md")
    private @Nullable Path report;

    @Spec
    private @Nullable CommandSpec spec;

    private final Map<Fault, Outcome> outcomes = new EnumMap<>(Fault.class);

    private Chaos() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Chaos())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println("touchline: " + Cluster.words(e));
                    return 2;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = line.getOut();
        if (list) {
            Arrays.stream(Fault.values())
                    .forEach(fault -> Cluster.tell(out, String.format("%-22s %s", fault.word(), fault.title())));
            return 0;
        }
        List<Fault> faults = faults(line);
        Path file = report == null ? Roots.root().resolve("docs/reliability.md") : report;
        Standing standing = keep && Standing.exists()
                ? Standing.read()
                : Assembly.up(new Assembly.Plan(2, matches, 10, Map.of()), text -> Cluster.tell(out, "  " + text));
        try (Scene scene = new Scene(standing)) {
            Cluster.tell(out, "under load: " + matches + " simulated matches, " + Scene.OPERATED + " of operators");
            for (Fault fault : faults) {
                strike(scene, fault, out);
                // At once: what was found must not be lost with what comes after.
                Reliability.write(file, outcomes, matches);
            }
        } finally {
            if (!keep) {
                standing.down();
            }
        }
        Cluster.tell(out, "written: " + file);
        return outcomes.values().stream().allMatch(Outcome::kept) ? 0 : 1;
    }

    private List<Fault> faults(CommandLine line) {
        Map<String, Fault> known = new TreeMap<>();
        Arrays.stream(Fault.values()).forEach(fault -> known.put(fault.word(), fault));
        List<Fault> wanted = new ArrayList<>();
        for (String name : names) {
            Fault fault = known.get(name);
            if (fault == null) {
                throw new ParameterException(line, "--fault " + name + ": one of " + known.keySet());
            }
            wanted.add(fault);
        }
        return wanted.isEmpty() ? Arrays.asList(Fault.values()) : wanted;
    }

    private void strike(Scene scene, Fault fault, PrintWriter out) {
        for (int run = 1; run <= runs; run++) {
            List<String> broken = new ArrayList<>();
            long redis = -1;
            long client = -1;
            try {
                scene.awaitCalm();
                scene.mark();
                fault.strike(scene);
                scene.awaitRecovery();
                redis = scene.reader().arrivals().recoveryMs();
                client = scene.client.arrivals().recoveryMs();
                fault.mend(scene);
                scene.awaitCalm();
                broken.addAll(scene.judge(fault.everyRevision()));
            } catch (RuntimeException e) {
                broken.add(Cluster.words(e));
                fault.mend(scene);
            }
            outcomes.computeIfAbsent(fault, one -> new Outcome()).add(redis, client, broken);
            Cluster.tell(
                    out,
                    String.format(
                            Locale.ROOT,
                            "%s  %-22s run %d: %s, first new update at Redis' reader %,d ms, at a relay's client %,d ms",
                            Instant.now().truncatedTo(ChronoUnit.SECONDS),
                            fault.word(),
                            run,
                            broken.isEmpty() ? "kept" : "BROKEN",
                            redis,
                            client));
            broken.stream().limit(30).forEach(text -> Cluster.tell(out, "    " + text));
        }
    }
}
