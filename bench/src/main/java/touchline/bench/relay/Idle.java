package touchline.bench.relay;

import java.nio.file.Files;
import java.util.List;
import java.util.Locale;

/** A crowd to which nothing happens: what each connection keeps resident, and what its heartbeat costs. */
final class Idle {

    static final int MATCHES = 10;
    private static final int WARM = 500;

    private final Stage.Choice choice;
    private final int clients;

    Idle(Stage.Choice choice, int clients) {
        this.choice = choice;
        this.clients = clients;
    }

    /**
     * What a crowd keeps of a server.
     *
     * @param uncollectedKb before a collection of garbage
     * @param beforeKb without the crowd
     * @param connecting processor seconds of the server while they came
     * @param cpu of one core, while nothing happened
     */
    record Kept(
            int clients,
            long collectedKb,
            long uncollectedKb,
            long beforeKb,
            double connectingSeconds,
            double connecting,
            double cpu,
            Report report) {

        double eachKb() {
            return (double) (collectedKb - beforeKb) / clients;
        }

        boolean isRight() {
            return report.wrongs() == 0;
        }

        String sentence(String server) {
            String doubts = isRight() && report.words("ends").equals("{}")
                    ? ""
                    : "\n  " + report.wrongsInWords() + ", connections ended " + report.words("ends");
            return String.format(
                    Locale.ROOT,
                    "%,d idle connections: %.1f KB resident each (%.1f before a collection of garbage), %s %,d MB"
                            + " with and %,d MB without them; %,.0f connects/s, %,.0f per CPU-second; heartbeats take %.0f %% of a core%s",
                    clients,
                    eachKb(),
                    (double) (uncollectedKb - beforeKb) / clients,
                    server,
                    collectedKb / 1024,
                    beforeKb / 1024,
                    clients / connectingSeconds,
                    clients / connecting,
                    100 * cpu,
                    doubts);
        }
    }

    boolean measure() throws Exception {
        Kept kept = relay();
        System.out.println("\n" + kept.sentence("relay"));
        Files.write(
                choice.directory().resolve("idle.csv"),
                List.of(
                        "clients,residentKbEach,residentKbEachUncollected,residentKbBefore,connectsPerSecond,connectsPerCpuSecond,cpu",
                        String.format(
                                Locale.ROOT,
                                "%d,%.2f,%.2f,%d,%.0f,%.0f,%.3f",
                                clients,
                                kept.eachKb(),
                                (double) (kept.uncollectedKb() - kept.beforeKb()) / clients,
                                kept.beforeKb(),
                                clients / kept.connectingSeconds(),
                                clients / kept.connecting(),
                                kept.cpu())));
        return kept.isRight();
    }

    /** What a crowd keeps of a relay. */
    Kept relay() throws Exception {
        try (Stage stage = new Stage(choice, MATCHES, 1)) {
            FleetProcess first =
                    new FleetProcess(stage.clock, choice.directory().resolve("fleet.log"));
            return kept(stage.relay(), first, FleetProcess.ALL, stage.fleet, "{\"match\":[\"bench:%d\"]}");
        }
    }

    /**
     * What a crowd keeps of a server.
     *
     * @param first goes again before anything is measured
     * @param all what it selects, and {@code one} what the crowd does
     */
    Kept kept(Server server, FleetProcess first, String all, FleetProcess crowd, String one) throws Exception {
        // What a server needs once, whoever comes: its code, its buffers.
        try (first) {
            first.grow(WARM, List.of(server.port()), all, 1, "");
            Pause.millis(2000);
        }
        Pause.millis(1000);
        server.collect();
        long before = Usage.residentKb(server.pid());
        if (choice.profile() && server instanceof RelayProcess relay) {
            relay.profile();
        }
        double connecting = Usage.cpuSeconds(server.pid());
        double took = crowd.grow(clients, List.of(server.port()), one, MATCHES, "");
        connecting = Usage.cpuSeconds(server.pid()) - connecting;
        if (choice.profile() && server instanceof RelayProcess relay) {
            relay.profiled(choice.directory().resolve("connecting.jfr"));
        }
        Pause.millis(3000);
        double cpu = Usage.cpuSeconds(server.pid());
        Pause.millis(10_000);
        cpu = (Usage.cpuSeconds(server.pid()) - cpu) / 10;
        long running = Usage.residentKb(server.pid());
        server.collect();
        long collected = Usage.residentKb(server.pid());
        return new Kept(clients, collected, running, before, took, connecting, cpu, crowd.report());
    }
}
