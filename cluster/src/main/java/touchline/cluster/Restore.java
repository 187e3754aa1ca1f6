package touchline.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What an engineer does with running jobs at the command line: cancel, stop, run again from what was kept. */
final class Restore {

    private static final long SECOND_MS = 10_000;

    private Restore() {}

    /** @param before 0 for the last checkpoint, 1 for the one before it */
    static void cancelAndRestore(Scene scene, int before) {
        Map<String, String> from = new LinkedHashMap<>();
        for (String name : JobCommand.JOBS) {
            FlinkJobs.Job job = scene.flink.job(name).orElseThrow();
            Scene.await("a checkpoint of " + name + " in the making", () -> scene.flink.isCheckpointing(job.id()));
            scene.post(scene.standing.endpoint("flink") + "/jobs/" + job.id() + "?mode=cancel", "PATCH");
            Scene.await(name + " to be cancelled", () -> scene.flink.job(name).isEmpty());
            from.put(name, kept(job.id(), before));
        }
        from.forEach((name, checkpoint) -> scene.jobs.run(name, Plan.builtJar(), checkpoint, List.of()));
    }

    static void rescale(Scene scene, int parallelism) {
        String savepoint = scene.jobs.stop(scene.flink.job("MarketJob").orElseThrow());
        scene.jobs.run("MarketJob", Plan.builtJar(), savepoint, List.of("--set", "job.parallelism=" + parallelism));
        Scene.await("MarketJob to run", () -> scene.flink.runs("MarketJob"));
    }

    /** Tasks over all workers: one that was only started gets none, and jobs moved one by one get a worker each. */
    static void spread(Scene scene) {
        // Who has lost a worker is restarted at a heartbeat: a job that still runs may be about to.
        scene.awaitCalm();
        Map<String, String> from = new LinkedHashMap<>();
        for (String name : JobCommand.JOBS) {
            from.put(name, scene.jobs.stop(scene.flink.job(name).orElseThrow()));
        }
        from.forEach((name, savepoint) -> scene.jobs.run(name, Plan.builtJar(), savepoint, List.of()));
    }

    /** From what an earlier version wrote to today's; where that decides otherwise, under the next generation. */
    static void upgrade(Scene scene) {
        for (String name : JobCommand.JOBS) {
            String savepoint = scene.jobs.stop(scene.flink.job(name).orElseThrow());
            scene.jobs.run(name, Plan.builtJar(), savepoint, List.of());
            Scene.await(
                    name + " to run, or to be refused",
                    () -> scene.flink.runs(name) || !scene.flink.failures(name).isEmpty());
            List<String> failures = scene.flink.failures(name);
            if (!failures.isEmpty()) {
                if (!NewRules.isRefusal(failures.get(0))) {
                    throw new IllegalStateException(name + " does not go on from a savepoint: " + failures.get(0));
                }
                NewRules.raise(scene, savepoint);
            }
        }
    }

    /** Whichever of the two is there at the end is left, one of them. */
    static void second(Scene scene) {
        List<String> first = ids(scene);
        scene.jobs.run("MarketJob", Plan.builtJar(), "", List.of());
        Scene.pause(SECOND_MS);
        for (String id : ids(scene)) {
            if (!first.contains(id)) {
                scene.post(scene.standing.endpoint("flink") + "/jobs/" + id + "?mode=cancel", "PATCH");
            }
        }
        Scene.await("one MarketJob", () -> ids(scene).size() == 1);
    }

    private static List<String> ids(Scene scene) {
        return scene.flink.jobs().stream()
                .filter(job -> job.name().equals("MarketJob"))
                .map(FlinkJobs.Job::id)
                .toList();
    }

    private static String kept(String job, int before) {
        Path directory =
                Standing.directory().toAbsolutePath().resolve("checkpoints").resolve(job);
        try (Stream<Path> left = Files.list(directory)) {
            List<URI> newest = left.filter(checkpoint -> Files.exists(checkpoint.resolve("_metadata")))
                    .sorted(Comparator.comparingInt((Path checkpoint) -> Integer.parseInt(
                                    checkpoint.getFileName().toString().substring("chk-".length())))
                            .reversed())
                    .map(Path::toUri)
                    .toList();
            if (newest.size() <= before) {
                throw new IllegalStateException("only " + newest.size() + " checkpoints are kept in " + directory);
            }
            return newest.get(before).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoints of " + job, e);
        }
    }
}
