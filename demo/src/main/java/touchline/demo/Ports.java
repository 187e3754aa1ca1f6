package touchline.demo;

import picocli.CommandLine.Option;
import touchline.sandbox.FreePort;

/** Which ports the servers get; 0 for free ones. */
final class Ports {

    @Option(
            names = "--redis-port",
            paramLabel = "N",
            defaultValue = "0",
            description = "port of Redis (default: a free one)")
    int redis;

    @Option(names = "--postgres-port", paramLabel = "N", defaultValue = "0", description = "port of PostgreSQL")
    int postgres;

    @Option(names = "--kafka-port", paramLabel = "N", defaultValue = "0", description = "port of Kafka")
    int kafka;

    @Option(
            names = "--flink-port",
            paramLabel = "N",
            defaultValue = "0",
            description = "port of Flink's web UI and REST")
    int flink;

    @Option(
            names = "--odds-api-port",
            paramLabel = "N",
            defaultValue = "0",
            description = "port of the stand-in odds API")
    int oddsApi;

    @Option(names = "--page-port", paramLabel = "N", defaultValue = "0", description = "port of the page and its relay")
    int page;

    @Option(names = "--operator-port", paramLabel = "N", defaultValue = "0", description = "port of the operator page")
    int operator;

    /** @throws IllegalArgumentException when one is none, or taken: said before anything is started on the others */
    void check() {
        check("--redis-port", redis);
        check("--postgres-port", postgres);
        check("--kafka-port", kafka);
        check("--flink-port", flink);
        check("--odds-api-port", oddsApi);
        check("--page-port", page);
        check("--operator-port", operator);
    }

    private static void check(String option, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(option + " " + port + ": a port is 1 to 65535, or 0 for a free one");
        }
        if (port > 0 && !FreePort.isFree(port)) {
            throw new IllegalArgumentException(option + " " + port + ": something else listens on that port");
        }
    }
}
