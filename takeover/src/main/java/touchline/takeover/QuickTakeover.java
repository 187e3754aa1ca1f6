package touchline.takeover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.core.security.FlinkSecurityManager;
import org.apache.flink.runtime.blob.BlobStoreService;
import org.apache.flink.runtime.blob.BlobUtils;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesFactory;
import org.apache.flink.runtime.highavailability.zookeeper.CuratorFrameworkWithUnhandledErrorListener;
import org.apache.flink.runtime.highavailability.zookeeper.ZooKeeperClientHAServices;
import org.apache.flink.runtime.highavailability.zookeeper.ZooKeeperLeaderElectionHaServices;
import org.apache.flink.runtime.leaderelection.LeaderElection;
import org.apache.flink.runtime.util.ZooKeeperUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink's high availability by ZooKeeper, with a {@link Vigil} in each JobManager: {@code high-availability.type} of
 * {@code config.yaml}. Every other setting of {@code high-availability.*} means what it means with {@code zookeeper}, but
 * the JobManager's port is {@code jobmanager.rpc.port}.
 */
public final class QuickTakeover implements HighAvailabilityServicesFactory {

    private static final Logger LOG = LoggerFactory.getLogger(QuickTakeover.class);

    private static final int FATAL = 1;

    @Override
    public HighAvailabilityServices createHAServices(Configuration configuration, Executor executor) throws Exception {
        // As Flink does by itself: a process that has lost ZooKeeper for good ends, and is started again.
        CuratorFrameworkWithUnhandledErrorListener zooKeeper =
                ZooKeeperUtils.startCuratorFramework(configuration, e -> {
                    LOG.error("event=zookeeper-lost action=exit", e);
                    FlinkSecurityManager.forceProcessExit(FATAL);
                });
        return new Services(zooKeeper, configuration, executor, BlobUtils.createBlobStoreFromConfig(configuration));
    }

    @Override
    public ClientHighAvailabilityServices createClientHAServices(Configuration configuration) throws Exception {
        return new ZooKeeperClientHAServices(
                ZooKeeperUtils.startCuratorFramework(configuration, e -> LOG.error("event=zookeeper-lost", e)),
                configuration);
    }

    // Flink's close() may throw InterruptedException, and nobody closes this by try.
    @SuppressWarnings("try")
    private static final class Services extends ZooKeeperLeaderElectionHaServices {

        private final CuratorFrameworkWithUnhandledErrorListener zooKeeper;
        private final String host;
        private @Nullable Vigil vigil;

        Services(
                CuratorFrameworkWithUnhandledErrorListener zooKeeper,
                Configuration configuration,
                Executor executor,
                BlobStoreService blobs)
                throws Exception {
            super(zooKeeper, configuration, executor, blobs);
            this.zooKeeper = zooKeeper;
            this.host = configuration.get(JobManagerOptions.ADDRESS);
        }

        /** Only a JobManager asks to be elected; workers have the same services. */
        @Override
        public synchronized LeaderElection getResourceManagerLeaderElection() {
            if (vigil == null) {
                try {
                    vigil = Vigil.begin(zooKeeper.asCuratorFramework(), host);
                } catch (IOException e) {
                    throw new UncheckedIOException(
                            "no port to be seen at on jobmanager.rpc.address=" + host
                                    + ": it must be an address of this machine",
                            e);
                }
            }
            return super.getResourceManagerLeaderElection();
        }

        @Override
        protected synchronized void internalClose() {
            // First the session, and with it what others were told of this process: they have nothing to end.
            super.internalClose();
            if (vigil != null) {
                vigil.close();
            }
        }
    }
}
