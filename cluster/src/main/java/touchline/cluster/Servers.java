package touchline.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import touchline.sandbox.FreePort;
import touchline.sandbox.RedisServer;

/** What the jobs read from and write to, and the relays behind: Kafka, Redis with its sentinel, PostgreSQL, the odds API. */
final class Servers {

    static final String API_KEY = "cluster-key";

    /** The name under which Sentinel knows the primary. */
    static final String REDIS_NAME = "touchline";

    /** The file that says how wrong the broker's clock is, ms. */
    static final String CLOCK = "kafka.clock";

    private static final String LOGGING = "cluster-log4j2.properties";

    private final Standing standing;
    private final Workplace place;
    private final Programs programs;
    private final boolean network;

    Servers(Standing standing, Workplace place, Programs programs, boolean network) {
        this.standing = standing;
        this.place = place;
        this.programs = programs;
        this.network = network;
        if (network) {
            for (Route route : Route.values()) {
                standing.endpoint(route.word(), Integer.toString(FreePort.find()));
            }
        }
    }

    /** Where those at that end of the route go. */
    private String way(Route route, int port) {
        return network ? standing.endpoint(route.word()) : Integer.toString(port);
    }

    void kafka() {
        int broker = FreePort.find();
        int controller = FreePort.find();
        int jobs = FreePort.find();
        List<String> lines = new ArrayList<>(
                List.of("controller.quorum.voters=1@127.0.0.1:" + controller, "log.dirs=" + place.file("kafka")));
        String listeners = "PLAINTEXT://127.0.0.1:" + broker;
        if (network) {
            // Who comes by that listener is sent on by it, and not around it.
            lines.add("listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,JOBS:PLAINTEXT");
            lines.add("listeners=" + listeners + ",CONTROLLER://127.0.0.1:" + controller + ",JOBS://127.0.0.1:" + jobs);
            lines.add("advertised.listeners=" + listeners + ",JOBS://127.0.0.1:" + way(Route.JOBS_KAFKA, jobs));
        } else {
            lines.add("listeners=" + listeners + ",CONTROLLER://127.0.0.1:" + controller);
            lines.add("advertised.listeners=" + listeners);
        }
        String properties = place.settings("kafka.properties", "kafka/server.properties", lines)
                .toString();
        Programs.Answer formatted = programs.run(
                "kafka-format",
                programs.java(
                        "128m",
                        LOGGING,
                        "kafka.tools.StorageTool",
                        List.of("format", "-t", Uuid.randomUuid().toString(), "-c", properties)),
                60);
        if (formatted.exit() != 0) {
            throw new IllegalStateException("Kafka's directory cannot be formatted: " + formatted.output());
        }
        Part kafka = standing.start(part(
                "kafka",
                broker,
                programs.java(
                        "512m",
                        LOGGING,
                        Broker.class.getName(),
                        List.of(properties, place.file(CLOCK).toString()))));
        kafka.awaitPort();
        standing.endpoint("kafka", "127.0.0.1:" + broker);
        standing.endpoint("kafka-of-jobs", "127.0.0.1:" + (network ? way(Route.JOBS_KAFKA, jobs) : broker));
        standing.endpoint("kafka-jobs-port", Integer.toString(jobs));
    }

    void redis() {
        Path program = RedisServer.unpack(place.file("redis-server"));
        int primary = FreePort.find();
        int replica = FreePort.find();
        redis(program, "redis-primary", primary, "redis.conf", List.of());
        redis(program, "redis-replica", replica, "redis.conf", List.of("replicaof 127.0.0.1 " + primary));
        int sentinel = FreePort.find();
        redis(
                program,
                "redis-sentinel",
                sentinel,
                "sentinel.conf",
                List.of("sentinel monitor " + REDIS_NAME + " 127.0.0.1 " + primary + " 1"));
        String uri = "redis-sentinel://127.0.0.1:" + sentinel + "#" + REDIS_NAME;
        standing.endpoint("redis", network ? direct(Integer.toString(primary)) : uri);
        standing.endpoint("redis-of-jobs", network ? direct(way(Route.JOBS_REDIS, primary)) : uri);
        standing.endpoint("redis-of-relays", network ? direct(way(Route.RELAY_REDIS, primary)) : uri);
    }

    private static String direct(String port) {
        return "redis://127.0.0.1:" + port;
    }

    private void redis(Path program, String name, int port, String shipped, List<String> more) {
        List<String> lines =
                new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + Workplace.made(place.file(name))));
        lines.addAll(more);
        Path settings = place.settings(name + ".conf", "redis/" + shipped, lines);
        List<String> command = new ArrayList<>(List.of(program.toString(), settings.toString()));
        if (shipped.startsWith("sentinel")) {
            command.add("--sentinel");
        }
        standing.start(part(name, port, command)).awaitPort();
    }

    void postgres() {
        int port = FreePort.find();
        Part part = standing.start(part("postgres", port, Database.make(place.file("postgres"), port))
                .stoppedBy("INT"));
        part.await("answers", () -> Database.answers(Database.jdbcUrl(port)));
        standing.endpoint("postgres", Database.jdbcUrl(port));
        standing.endpoint("postgres-port-of-jobs", way(Route.JOBS_POSTGRES, port));
        standing.endpoint("psql", "postgresql://postgres@127.0.0.1:" + port + "/" + Database.NAME);
    }

    void oddsApi(Load load) {
        int port = FreePort.find();
        List<String> arguments = List.of(
                Integer.toString(port),
                API_KEY,
                Integer.toString(load.matches()),
                Double.toString(load.speed()),
                load.recordings());
        Part part = standing.start(
                part("odds-api", port, programs.java("256m", LOGGING, OddsApi.class.getName(), arguments)));
        part.awaitPort();
        standing.endpoint("oddsApi", "http://127.0.0.1:" + port);
    }

    /** Two of them, and before them, if there is to be one, the network: by now every server has its port. */
    void relays() {
        int[] ports = IntStream.rangeClosed(1, 2).map(i -> FreePort.find()).toArray();
        if (network) {
            network(ports);
        }
        for (int i = 1; i <= 2; i++) {
            String name = "relay-" + i;
            int port = ports[i - 1];
            List<String> arguments = List.of(
                    "--set",
                    "redis.uri=" + standing.endpoint("redis-of-relays"),
                    "--set",
                    "relay.port=" + port,
                    "--set",
                    "relay.adminPort=" + FreePort.find());
            standing.start(part(
                    name, port, programs.java("256m", "relay-log4j2.properties", "touchline.relay.Relay", arguments)));
            standing.endpoint(
                    name, "http://127.0.0.1:" + way(i == 1 ? Route.CLIENT_RELAY_1 : Route.CLIENT_RELAY_2, port));
        }
    }

    private void network(int[] relays) {
        int control = FreePort.find();
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(control)));
        for (Route route : Route.values()) {
            int target = switch (route) {
                case JOBS_REDIS, RELAY_REDIS -> standing.part("redis-primary").port();
                case JOBS_KAFKA -> Integer.parseInt(standing.endpoint("kafka-jobs-port"));
                case JOBS_POSTGRES -> standing.part("postgres").port();
                case CLIENT_RELAY_1 -> relays[0];
                case CLIENT_RELAY_2 -> relays[1];
            };
            arguments.add(route.word() + "=" + standing.endpoint(route.word()) + ":" + target);
        }
        standing.start(part("network", control, programs.java("128m", LOGGING, Network.class.getName(), arguments)))
                .awaitPort();
        standing.endpoint("network", "http://127.0.0.1:" + control);
    }

    private Part part(String name, int port, List<String> command) {
        return Part.of(name, port, place.file(name + ".out"), command);
    }
}
