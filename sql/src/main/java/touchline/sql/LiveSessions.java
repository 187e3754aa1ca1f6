package touchline.sql;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.table.catalog.GenericInMemoryCatalog;
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
    private final Set<SessionHandle> open = ConcurrentHashMap.newKeySet();

    LiveSessions(SessionManager manager, Map<String, String> settings) {
        super(manager);
        this.settings = settings;
    }

    @Override
    public SessionHandle openSession(SessionEnvironment asked) throws SqlGatewayException {
        SessionEnvironment.Builder environment = SessionEnvironment.newBuilder()
                .setSessionEndpointVersion(asked.getSessionEndpointVersion())
                .addSessionConfig(asked.getSessionConfig())
                .registerCatalogCreator(
                        TouchlineCatalog.NAME,
                        (config, loader) -> new TouchlineCatalog(TouchlineCatalog.NAME, settings))
                .registerCatalogCreator(OWN, (config, loader) -> new GenericInMemoryCatalog(OWN, OWN_DATABASE))
                .setDefaultCatalog(TouchlineCatalog.NAME);
        asked.getSessionName().ifPresent(environment::setSessionName);
        SessionHandle session = super.openSession(environment.build());
        open.add(session);
        return session;
    }

    @Override
    public void closeSession(SessionHandle session) throws SqlGatewayException {
        open.remove(session);
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
