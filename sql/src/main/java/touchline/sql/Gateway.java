package touchline.sql;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.client.cli.ClientOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.gateway.api.endpoint.SqlGatewayEndpoint;
import org.apache.flink.table.gateway.api.endpoint.SqlGatewayEndpointFactoryUtils;
import org.apache.flink.table.gateway.service.context.DefaultContext;
import org.apache.flink.table.gateway.service.session.SessionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink's SQL gateway, with Touchline's catalog as the current one of every session, whoever opens it: the SQL client, a
 * program over REST, a JDBC driver. Queries run on the installation's Flink. Closing it closes all sessions, which ends their
 * queries; what was begun with INSERT runs on.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final SessionManager manager;
    private final Asked asked;
    private final LiveSessions sessions;
    private final List<SqlGatewayEndpoint> endpoints = new ArrayList<>();
    private final String address;
    private final int port;

    private Gateway(Configuration configuration, Installation installation, String address, int port) {
        this.address = address;
        this.port = port;
        manager = SessionManager.create(new DefaultContext(configuration, List.of()));
        asked = new Asked(installation.flink(), configuration.get(ClientOptions.CLIENT_HEARTBEAT_TIMEOUT));
        sessions = new LiveSessions(manager, installation.settings(), asked);
        manager.start();
        try {
            endpoints.addAll(SqlGatewayEndpointFactoryUtils.createSqlGatewayEndpoint(sessions, configuration));
            for (SqlGatewayEndpoint endpoint : endpoints) {
                endpoint.start();
            }
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the SQL gateway cannot listen on " + address + ":" + port, e);
        }
        LOG.info("event=gateway_started address={}:{} flink={}", address, port, installation.flink());
    }

    /** @param extra Flink's own settings, which win over the ones given here */
    static Gateway start(Installation installation, String address, int port, Map<String, String> extra) {
        Map<String, String> all = new TreeMap<>();
        URI flink = installation.flink();
        all.put("execution.target", "remote");
        all.put("rest.address", flink.getHost());
        all.put("rest.port", Integer.toString(flink.getPort()));
        all.put("parallelism.default", "1");
        all.put("table.local-time-zone", "UTC");
        // Flink's own is a minute of silence before a query says that its cluster is gone; a JobManager is followed by
        // the next in less.
        all.put("rest.retry.max-attempts", "10");
        all.put("rest.retry.delay", "1 s");
        all.put("client.heartbeat.timeout", "1 min");
        // A query's state is as large as the live markets, and goes with it.
        all.put("state.backend.type", "hashmap");
        all.put("table.exec.source.idle-timeout", "5 s");
        if (!installation.jars().isEmpty()) {
            all.put("pipeline.jars", installation.jars());
        }
        all.put("sql-gateway.endpoint.type", "rest");
        all.put("sql-gateway.endpoint.rest.address", address);
        all.put("sql-gateway.endpoint.rest.bind-address", address);
        all.put("sql-gateway.endpoint.rest.port", Integer.toString(port));
        all.putAll(extra);
        return new Gateway(Configuration.fromMap(all), installation, address, port);
    }

    String address() {
        return address + ":" + port;
    }

    @Override
    public void close() {
        sessions.closeAll();
        for (SqlGatewayEndpoint endpoint : endpoints) {
            try {
                endpoint.stop();
            } catch (Exception e) {
                LOG.warn("event=endpoint_ended_badly", e);
            }
        }
        manager.stop();
        asked.close();
    }

    /** What is left of a gateway that was killed: it tells Flink of its queries no more. */
    void fallSilent() {
        asked.close();
    }
}
