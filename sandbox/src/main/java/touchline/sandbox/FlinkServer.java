package touchline.sandbox;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * A Flink cluster in this JVM with REST and web UI on 127.0.0.1, one worker, RocksDB with its working files in memory
 * where there is room, and incremental checkpoints into a directory that goes with it. Jobs are submitted as graphs built in this JVM: there is no upload, and no class
 * loader of their own.
 */
public final class FlinkServer implements AutoCloseable {

    private final TempDirectory directory;
    private final TempDirectory memory;
    private final MiniCluster cluster;
    private final URI ui;

    private FlinkServer(TempDirectory directory, TempDirectory memory, MiniCluster cluster, URI ui) {
        this.directory = directory;
        this.memory = memory;
        this.cluster = cluster;
        this.ui = ui;
    }

    /** With 16 slots. */
    public static FlinkServer start(int uiPort) {
        return start(uiPort, new Configuration());
    }

    /**
     * @param uiPort 0 for a free one
     * @param extra Flink's own settings, which win over the ones given here, as {@code taskmanager.numberOfTaskSlots}
     */
    public static FlinkServer start(int uiPort, Configuration extra) {
        TempDirectory directory = TempDirectory.create("flink");
        TempDirectory memory = TempDirectory.inMemory("rocksdb");
        Configuration configuration = defaults(directory, uiPort);
        // A checkpoint waits for RocksDB's flush: on a disk some 30 ms in which no record moves, here a few.
        configuration.setString("state.backend.rocksdb.localdir", memory.path().toString());
        configuration.addAll(extra);
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(configuration.get(TaskManagerOptions.NUM_TASK_SLOTS))
                .setCommonBindAddress("127.0.0.1")
                .build());
        try {
            cluster.start();
            return new FlinkServer(
                    directory, memory, cluster, cluster.getRestAddress().get(30, TimeUnit.SECONDS));
        } catch (Exception e) {
            cluster.closeAsync().join();
            memory.close();
            directory.close();
            throw new IllegalStateException("Flink did not start with its UI on port " + uiPort, e);
        }
    }

    public MiniCluster miniCluster() {
        return cluster;
    }

    public int port() {
        return ui.getPort();
    }

    public String uiUrl() {
        return "http://127.0.0.1:" + port();
    }

    public JobID submit(StreamGraph graph) {
        return submit(graph.getJobGraph(FlinkServer.class.getClassLoader(), null));
    }

    /** Hands the job over and returns once the cluster has accepted it. */
    public JobID submit(JobGraph graph) {
        return get(cluster.submitJob(graph), "submitting " + graph.getName()).getJobID();
    }

    public JobStatus status(JobID job) {
        return get(cluster.getJobStatus(job), "status of " + job);
    }

    /** Cancels the job and waits until it has ended. */
    public void cancel(JobID job) {
        if (!status(job).isGloballyTerminalState()) {
            get(cluster.cancelJob(job), "cancelling " + job);
        }
        Await.until(
                "job " + job + " to end",
                Duration.ofSeconds(60),
                () -> status(job).isGloballyTerminalState());
    }

    @Override
    public void close() {
        try {
            cluster.closeAsync().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("Flink did not stop", e);
        } finally {
            memory.close();
            directory.close();
        }
    }

    private static <T> T get(CompletableFuture<T> future, String what) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(what + " failed", e);
        }
    }

    private static Configuration defaults(TempDirectory directory, int uiPort) {
        Configuration c = new Configuration();
        c.setString("rest.port", Integer.toString(uiPort));
        c.setString("rest.bind-port", Integer.toString(uiPort));
        c.setString("rest.address", "127.0.0.1");
        c.setString("rest.bind-address", "127.0.0.1");
        c.setString("web.tmpdir", directory.path().resolve("web").toString());
        c.setString("io.tmp.dirs", directory.path().resolve("tmp").toString());
        c.setString("blob.storage.directory", directory.path().resolve("blob").toString());
        c.setString("web.submit.enable", "false");
        c.setString("classloader.resolve-order", "parent-first");
        c.setString("taskmanager.numberOfTaskSlots", "16");
        // In one JVM the heap is shared: only network and managed memory are Flink's to size.
        c.setString("taskmanager.memory.network.min", "128m");
        c.setString("taskmanager.memory.network.max", "128m");
        // Taken only while it is used: windows, sorts and joins of SQL want some 10 MB each, and do not start with
        // less.
        c.setString("taskmanager.memory.managed.size", "1g");
        // Less is too little for a memtable: RocksDB would flush and stall all the time.
        c.setString("state.backend.rocksdb.memory.fixed-per-slot", "128m");
        c.setString("state.backend.type", "rocksdb");
        c.setString("execution.checkpointing.incremental", "true");
        c.setString(
                "execution.checkpointing.dir",
                directory.path().resolve("checkpoints").toUri().toString());
        c.setString(
                "execution.checkpointing.savepoint-dir",
                directory.path().resolve("savepoints").toUri().toString());
        return c;
    }
}
