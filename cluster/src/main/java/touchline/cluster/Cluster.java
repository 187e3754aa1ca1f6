package touchline.cluster;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import touchline.audit.Speech;

/** A whole installation on this machine, every part a process of its own. A failure is one sentence that says what to do. */
@Command(
        name = "cluster",
        description = "A whole installation on this machine, every part a process of its own.",
        mixinStandardHelpOptions = true,
        subcommands = {Cluster.Up.class, Cluster.Down.class, Cluster.Status.class, Cluster.Archive.class})
public final class Cluster {

    Cluster() {}

    public static void main(String[] args) {
        System.exit(Speech.commandLine(new Cluster()).execute(args));
    }

    @Command(
            name = "up",
            description = "Start everything, submit both jobs; returns when every task runs.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Up implements Callable<Integer> {

        @Option(
                names = "--taskmanagers",
                paramLabel = "N",
                defaultValue = "2",
                description = "workers; any one of them can be lost if there are two (default: ${DEFAULT-VALUE})")
        private int taskManagers;

        @Option(
                names = "--matches",
                paramLabel = "N",
                defaultValue = "24",
                description = "simulated grounds of the stand-in odds API (default: ${DEFAULT-VALUE})")
        private int matches;

        @Option(
                names = "--speed",
                paramLabel = "N",
                defaultValue = "10",
                description = "how much faster than life they play (default: ${DEFAULT-VALUE})")
        private double speed;

        @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the jobs")
        private Map<String, String> set = new TreeMap<>();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = Speech.out(spec);
            Speech.tell(out, "starting a cluster; everything of it is in " + Standing.directory());
            Standing standing = Assembly.up(
                    Plan.usual(taskManagers, Load.simulated(matches, speed), set),
                    line -> Speech.tell(out, "  " + line));
            standing.endpoints().forEach((name, where) -> Speech.tell(out, String.format("  %-10s  %s", name, where)));
            Speech.tell(out, "  status      ./touchline cluster status      end it: ./touchline cluster down");
            return 0;
        }
    }

    @Command(name = "down", description = "End every process of it, and nothing else.", mixinStandardHelpOptions = true)
    static final class Down implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            Standing standing = Standing.read();
            int up = (int) standing.parts().stream().filter(Part::isUp).count();
            List<String> killed = standing.down();
            Speech.tell(
                    Speech.out(spec),
                    "ended " + up + " processes" + (killed.isEmpty() ? "" : "; killed, as they did not end: " + killed)
                            + "; logs and data are left in " + Standing.directory());
            return 0;
        }
    }

    @Command(
            name = "archive",
            description = "Keep what classes Flink's processes have loaded: those that start from now on start warm.",
            mixinStandardHelpOptions = true)
    static final class Archive implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = Speech.out(spec);
            ClassArchive.make(Standing.read(), line -> Speech.tell(out, line));
            return 0;
        }
    }

    @Command(
            name = "status",
            description = "Say of each process and each job how it is; 1 when something is down.",
            mixinStandardHelpOptions = true)
    static final class Status implements Callable<Integer> {

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = Speech.out(spec);
            Standing standing = Standing.read();
            boolean well = true;
            for (Part part : standing.parts()) {
                String state =
                        !part.isUp() ? "down" : part.port() == 0 || listens(part.port()) ? "up" : "up, but silent";
                well &= state.equals("up");
                Speech.tell(
                        out,
                        String.format(
                                Locale.ROOT,
                                "%-15s %-14s pid %-8d %s",
                                part.name(),
                                state,
                                part.pid(),
                                part.port() == 0 ? "" : "port " + part.port()));
            }
            FlinkJobs flink = FlinkJobs.of(standing);
            List<FlinkJobs.Job> jobs = flink.jobs();
            for (String name : JobCommand.JOBS) {
                var found = jobs.stream().filter(job -> job.name().equals(name)).findFirst();
                well &= found.isPresent() && found.get().state().equals("RUNNING");
                Speech.tell(out, found.map(Status::line).orElse(String.format("%-15s not running", name)));
            }
            Speech.tell(out, "workers         " + flink.workers() + ", " + flink.freeSlots() + " slots free");
            return well ? 0 : 1;
        }

        private static String line(FlinkJobs.Job job) {
            String last = job.checkpointAt() == 0
                    ? "no checkpoint yet"
                    : String.format(
                            Locale.ROOT,
                            "%,d checkpoints, the last %.1f s ago took %d ms",
                            job.checkpoints(),
                            (System.currentTimeMillis() - job.checkpointAt()) / 1000.0,
                            job.checkpointMs());
            return String.format(
                    Locale.ROOT,
                    "%-15s %-14s restarts %d, %s",
                    job.name(),
                    job.state().toLowerCase(Locale.ROOT),
                    job.restarts(),
                    last);
        }

        private static boolean listens(int port) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
