package touchline.demo;

import picocli.CommandLine.Option;

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
}
