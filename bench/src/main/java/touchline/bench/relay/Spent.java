package touchline.bench.relay;

import java.util.List;

/** Processor seconds while something was measured. */
final class Spent {

    private final List<Long> servers;
    private final long crowd;
    double relay;
    double fleet;
    double machine;
    double wall;
    /** What the servers kept resident at the end. */
    long residentKb;

    /**
     * @param servers the processes whose work is judged
     * @param crowd the fleet's process
     */
    Spent(List<Long> servers, long crowd) {
        this.servers = servers;
        this.crowd = crowd;
    }

    void begin() {
        add(-1);
    }

    void end() {
        add(1);
        residentKb = servers.stream().mapToLong(Usage::residentKb).sum();
    }

    private void add(int sign) {
        for (long server : servers) {
            relay += sign * Usage.cpuSeconds(server);
        }
        fleet += sign * Usage.cpuSeconds(crowd);
        machine += sign * Usage.machineSeconds();
        wall += sign * System.nanoTime() / 1e9;
    }
}
