package touchline.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import touchline.sandbox.FreePort;

/** A Flink installation with high availability: ZooKeeper, two JobManagers, workers. */
final class FlinkParts {

    private static final List<String> QUICK = List.of("-Xmx128m", "-XX:TieredStopAtLevel=1");

    /** As config.yaml says: a worker that is short of CPU for a moment is not to give its tasks up. */
    private static final String WORKERS_SESSION = "-Dhigh-availability.zookeeper.client.session-timeout=30s";

    private final Standing standing;
    private final Workplace place;
    private final Programs programs;

    FlinkParts(Standing standing, Workplace place, Programs programs) {
        this.standing = standing;
        this.place = place;
        this.programs = programs;
    }

    /** Returns when every worker offers its slots. */
    void start(int workers) {
        int port = FreePort.find();
        place.settings("config.yaml", "flink/config.yaml", machine(port));
        place.settings("log4j.properties", "flink/log4j.properties", List.of());
        Part zookeeper = zookeeper(port);
        List<List<String>> jobManager = programs.resources("GET_JM_RESOURCE_PARAMS");
        List<List<String>> worker = programs.resources("GET_TM_RESOURCE_PARAMS");
        zookeeper.awaitPort();
        for (int i = 1; i <= 2; i++) {
            jobManager("jobmanager-" + i, jobManager);
        }
        for (int i = 1; i <= workers; i++) {
            worker("taskmanager-" + i, worker);
        }
        FlinkJobs flink = FlinkJobs.of(standing);
        for (Part part : standing.parts("taskmanager")) {
            part.await("offers its slots", () -> {
                standing.parts("jobmanager").stream()
                        .filter(one -> !one.isUp())
                        .findFirst()
                        .ifPresent(one -> {
                            throw one.complaint("ended");
                        });
                return flink.workers().contains(part.name());
            });
        }
        standing.endpoint("zookeeper", "127.0.0.1:" + port);
        standing.endpoint(
                "flink", "http://127.0.0.1:" + standing.part("jobmanager-1").port());
    }

    private Part zookeeper(int port) {
        Path data = place.file("zookeeper");
        Path settings = place.settings(
                "zoo.cfg",
                "flink/zoo.cfg",
                List.of("dataDir=" + data, "clientPort=" + port, "clientPortAddress=127.0.0.1"));
        return standing.start(Part.of(
                "zookeeper",
                port,
                place.file("zookeeper.log"),
                programs.flink(
                        "zookeeper",
                        QUICK,
                        "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
                        List.of("--zkConfigFile", settings.toString(), "--peerId", "1"))));
    }

    private void jobManager(String name, List<List<String>> resources) {
        int rest = FreePort.find();
        start(
                name,
                rest,
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                jvm(resources, "env.java.opts.jobmanager", ClassArchive.JOB_MANAGER),
                Programs.concat(
                        List.of(
                                "--executionMode",
                                "cluster",
                                "--host",
                                "127.0.0.1",
                                "-Drest.port=" + rest,
                                "-Drest.bind-port=" + rest,
                                "-Dweb.tmpdir=" + place.file(name + "-web"),
                                "-Dblob.storage.directory=" + place.file(name + "-blob")),
                        resources.get(1)));
    }

    private void worker(String name, List<List<String>> resources) {
        start(
                name,
                0,
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                jvm(resources, "env.java.opts.taskmanager", ClassArchive.WORKER),
                Programs.concat(List.of("-Dtaskmanager.resource-id=" + name, WORKERS_SESSION), resources.get(1)));
    }

    private List<String> jvm(List<List<String>> resources, String options, ClassArchive archive) {
        return Programs.concat(Programs.concat(resources.get(0), programs.options(options)), List.of(archive.option()));
    }

    private void start(String name, int port, String main, List<String> jvm, List<String> arguments) {
        List<String> all =
                new ArrayList<>(List.of("--configDir", programs.conf().toString()));
        all.addAll(arguments);
        standing.start(Part.of(name, port, place.file(name + ".log"), programs.flink(name, jvm, main, all)));
    }

    /** What the shipped config.yaml leaves to each machine. */
    private List<String> machine(int zookeeper) {
        return List.of(
                "high-availability.zookeeper.quorum: 127.0.0.1:" + zookeeper,
                "high-availability.storageDir: " + place.file("ha").toUri(),
                "execution.checkpointing.dir: " + place.file("checkpoints").toUri(),
                "execution.checkpointing.savepoint-dir: "
                        + place.file("savepoints").toUri(),
                "jobmanager.rpc.address: 127.0.0.1",
                "jobmanager.bind-host: 127.0.0.1",
                "rest.address: 127.0.0.1",
                "rest.bind-address: 127.0.0.1",
                "taskmanager.host: 127.0.0.1",
                "taskmanager.bind-host: 127.0.0.1",
                // What is asked over HTTP is as it is now.
                "web.refresh-interval: 100 ms",
                "io.tmp.dirs: " + place.file("tmp"));
    }
}
