package touchline.postgres;

import java.util.Map;
import org.junit.jupiter.api.Test;
import touchline.config.Settings;
import touchline.postgres.Captured.Document;
import touchline.sandbox.Detour;
import touchline.sandbox.FlinkServer;

/** A connection that is open and never brings anything again, as after a firewall has forgotten it. */
class DeafStreamIT {

    @Test
    void isReadOnOverANewConnectionAndNothingIsMissing() throws Exception {
        try (OperatorsDatabase database = OperatorsDatabase.start();
                Detour network = Detour.to(database.server().port());
                FlinkServer flink = FlinkServer.start(0)) {
            // Until then the forgotten reader keeps the slot.
            database.server().apply("alter system set wal_sender_timeout = '2s'");
            database.server().apply("select pg_reload_conf()");
            PostgresSettings settings = new Settings(Map.of(
                            "postgres.port",
                            Integer.toString(network.port()),
                            "postgres.slot",
                            "deaf",
                            "postgres.heartbeatMs",
                            "100",
                            "postgres.timeoutMs",
                            "1000",
                            "postgres.reconcileMs",
                            "0"))
                    .as(PostgresSettings.class, "postgres");
            try (Reading reading = Reading.start(flink, settings)) {
                reading.awaitStreaming();
                network.forgetConnections();
                database.operator("insert into touchline.match (id, home, away) values ('manual:after', 'a', 'b')");
                reading.await(
                        "what was written afterwards",
                        row -> row instanceof Document document
                                && document.match().equals("manual:after"));
            }
        }
    }
}
