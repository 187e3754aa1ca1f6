package touchline.sql;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.catalog.GenericInMemoryCatalog;
import org.apache.flink.table.gateway.api.operation.OperationHandle;
import org.apache.flink.table.gateway.api.session.SessionEnvironment;
import org.apache.flink.table.gateway.api.session.SessionHandle;
import org.apache.flink.table.gateway.api.utils.SqlGatewayException;
import org.apache.flink.table.gateway.service.SqlGatewayServiceImpl;
import org.apache.flink.table.gateway.service.session.SessionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's sessions. Each begins in Touchline's catalog, and has beside it one of its own, {@code default_catalog}, in
 * which it may make what it likes and which nobody else sees.
 */
final class LiveSessions extends SqlGatewayServiceImpl {

    private static final Logger LOG = LoggerFactory.getLogger(LiveSessions.class);
    private static final String OWN = "default_catalog";
    private static final String OWN_DATABASE = "default_database";

    private final Map<String, String> settings;
    private final Asked asked;
    private final Set<SessionHandle> open = ConcurrentHashMap.newKeySet();

    LiveSessions(SessionManager manager, Map<String, String> settings, Asked asked) {
        super(manager);
        this.settings = settings;
        this.asked = asked;
    }

    @Override
    public SessionHandle openSession(SessionEnvironment wanted) throws SqlGatewayException {
        SessionEnvironment.Builder environment = SessionEnvironment.newBuilder()
                .setSessionEndpointVersion(wanted.getSessionEndpointVersion())
                .addSessionConfig(wanted.getSessionConfig())
                .registerCatalogCreator(
                        TouchlineCatalog.NAME,
                        (config, loader) -> new TouchlineCatalog(TouchlineCatalog.NAME, settings))
                .registerCatalogCreator(OWN, (config, loader) -> new GenericInMemoryCatalog(OWN, OWN_DATABASE))
                .setDefaultCatalog(TouchlineCatalog.NAME);
        wanted.getSessionName().ifPresent(environment::setSessionName);
        SessionHandle session = super.openSession(environment.build());
        open.add(session);
        return session;
    }

    @Override
    public OperationHandle executeStatement(
            SessionHandle session, String statement, long timeoutMs, Configuration settings)
            throws SqlGatewayException {
        if (!Asked.query(statement)) {
            return super.executeStatement(session, statement, timeoutMs, settings);
        }
        JobID job = new JobID();
        Configuration all = asked.watched(job);
        all.addAll(settings);
        OperationHandle operation = super.executeStatement(session, statement, timeoutMs, all);
        asked.add(session, operation, job);
        return operation;
    }

    @Override
    public void cancelOperation(SessionHandle session, OperationHandle operation) {
        asked.remove(operation);
        super.cancelOperation(session, operation);
    }

    @Override
    public void closeOperation(SessionHandle session, OperationHandle operation) {
        asked.remove(operation);
        super.closeOperation(session, operation);
    }

    @Override
    public void closeSession(SessionHandle session) throws SqlGatewayException {
        open.remove(session);
        asked.remove(session);
        super.closeSession(session);
    }

    void closeAll() {
        for (SessionHandle session : Set.copyOf(open)) {
            try {
                closeSession(session);
            } catch (SqlGatewayException e) {
                // It may have expired: the gateway closes those that are idle.
                LOG.info("event=session_gone session={}", session);
            }
        }
    }
}
