package touchline.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an engineer does with jobs at the command line: run, and stop with a savepoint. */
final class JobCommand {

    static final List<String> JOBS = List.of("MarketJob", "IngestJob");

    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed\\. Path: (\\S+)");

    private final Programs programs;

    JobCommand(Programs programs) {
        this.programs = programs;
    }

    /** @param from a checkpoint or savepoint; empty for none */
    void run(String job, Path jar, String from, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of("run", "-d"));
        if (!from.isEmpty()) {
            words.addAll(List.of("-s", from));
        }
        words.addAll(List.of(
                "-c",
                "touchline.jobs." + job,
                jar.toString(),
                "--config",
                programs.conf().resolve("jobs.properties").toString()));
        words.addAll(arguments);
        Programs.Answer answer = programs.flinkCommand("flink-run-" + job, words);
        if (answer.exit() != 0) {
            throw new IllegalStateException(job + " was not submitted: " + answer.output());
        }
    }

    /** @return the savepoint */
    String stop(FlinkJobs.Job job) {
        Programs.Answer stopped = programs.flinkCommand("flink-stop-" + job.name(), List.of("stop", job.id()));
        Matcher path = SAVEPOINT.matcher(stopped.output());
        if (stopped.exit() != 0 || !path.find()) {
            throw new IllegalStateException(job.name() + " was not stopped: " + stopped.output());
        }
        return path.group(1);
    }
}
