package touchline.cluster;

import java.nio.file.Path;
import java.util.Map;

/**
 * What an installation is to be.
 *
 * @param network do jobs, relays and clients reach the servers over ways that can be made bad?
 * @param smallDisk have checkpoints a small file system of their own, which can be filled?
 * @param settings of the jobs, beside those of the load
 * @param jar the jobs
 */
record Plan(int taskManagers, Load load, boolean network, boolean smallDisk, Map<String, String> settings, Path jar) {

    Plan {
        if (taskManagers < 1 || taskManagers > 20) {
            throw new IllegalArgumentException("--taskmanagers " + taskManagers + ": 1 to 20");
        }
        settings = Map.copyOf(settings);
    }

    /** As anybody would run it. */
    static Plan usual(int taskManagers, Load load, Map<String, String> settings) {
        return new Plan(taskManagers, load, false, false, settings, builtJar());
    }

    /** The jobs alone: their libraries are in {@code lib}. */
    static Path builtJar() {
        return Roots.built("jobs/target/touchline-jobs-thin.jar");
    }
}
