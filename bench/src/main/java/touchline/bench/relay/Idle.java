package touchline.bench.relay;

import java.nio.file.Files;
import java.util.List;
import java.util.Locale;

/** A crowd to which nothing happens: what each connection keeps resident, and what its heartbeat costs. */
final class Idle {

    private static final int MATCHES = 10;
    private static final int WARM = 500;

    private final Stage.Choice choice;
    private final int clients;

    Idle(Stage.Choice choice, int clients) {
        this.choice = choice;
        this.clients = clients;
    }

    boolean measure() throws Exception {
        try (Stage stage = new Stage(choice, MATCHES, 1)) {
            // What a relay needs once, whoever comes: its code, its buffers.
            try (FleetProcess first =
                    new FleetProcess(stage.clock, choice.directory().resolve("fleet.log"))) {
                first.grow(WARM, stage.ports(), FleetProcess.ALL, 1, "");
                Pause.millis(2000);
            }
            Pause.millis(1000);
            stage.relay().collect();
            long before = Usage.residentKb(stage.relay().pid());
            if (choice.profile()) {
                stage.relay().profile();
            }
            double connecting = Usage.cpuSeconds(stage.relay().pid());
            double took = stage.fleet.grow(clients, stage.ports(), "{\"match\":[\"bench:%d\"]}", MATCHES, "");
            connecting = Usage.cpuSeconds(stage.relay().pid()) - connecting;
            if (choice.profile()) {
                stage.relay().profiled(choice.directory().resolve("connecting.jfr"));
            }
            Pause.millis(3000);
            double cpu = Usage.cpuSeconds(stage.relay().pid());
            Pause.millis(10_000);
            cpu = (Usage.cpuSeconds(stage.relay().pid()) - cpu) / 10;
            long running = Usage.residentKb(stage.relay().pid());
            stage.relay().collect();
            long collected = Usage.residentKb(stage.relay().pid());
            System.out.printf(
                    Locale.ROOT,
                    "%n%,d idle connections: %.1f KB resident each (%.1f before a collection of garbage), relay %,d MB"
                            + " with and %,d MB without them; %,.0f connects/s, %,.0f per CPU-second; heartbeats take %.0f %% of a core%n",
                    clients,
                    (double) (collected - before) / clients,
                    (double) (running - before) / clients,
                    collected / 1024,
                    before / 1024,
                    clients / took,
                    clients / connecting,
                    100 * cpu);
            Files.write(
                    choice.directory().resolve("idle.csv"),
                    List.of(
                            "clients,residentKbEach,residentKbEachUncollected,residentKbBefore,connectsPerSecond,connectsPerCpuSecond,cpu",
                            String.format(
                                    Locale.ROOT,
                                    "%d,%.2f,%.2f,%d,%.0f,%.0f,%.3f",
                                    clients,
                                    (double) (collected - before) / clients,
                                    (double) (running - before) / clients,
                                    before,
                                    clients / took,
                                    clients / connecting,
                                    cpu)));
            Report report = stage.fleet.report();
            if (report.wrongs() > 0 || !report.words("ends").equals("{}")) {
                System.out.println("  " + report.wrongsInWords() + ", connections ended " + report.words("ends"));
            }
            return report.wrongs() == 0;
        }
    }
}
