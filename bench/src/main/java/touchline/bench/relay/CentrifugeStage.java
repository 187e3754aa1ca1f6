package touchline.bench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import touchline.update.Checksum;

/**
 * A centrifuge server and a fleet on this machine: what a {@link Stage} is to a relay. Each match has a channel, and a
 * publication is the message that a relay would send. They come from this process over one connection, so that neither
 * Redis nor an HTTP request for each is counted.
 */
final class CentrifugeStage implements AutoCloseable {

    private final Stage.Choice choice;
    private final List<Fixture> fixtures = new ArrayList<>();
    final CentrifugeServer server;
    final FleetProcess fleet;

    CentrifugeStage(Path program, List<String> options, Stage.Choice choice, int matches) throws IOException {
        this.choice = choice;
        for (int match = 0; match < matches; match++) {
            fixtures.add(new Fixture(match, System.currentTimeMillis()));
        }
        server = new CentrifugeServer(program, options, choice.directory().resolve("centrifuge.log"));
        fleet = fleet();
    }

    /** A crowd that speaks with it. */
    FleetProcess fleet() {
        return new FleetProcess(Steady.CLOCK, choice.directory().resolve("fleet.log"), Dialect.CENTRIFUGE);
    }

    /** The channels of all matches. */
    static String all(int matches) {
        return IntStream.range(0, matches)
                .mapToObj(match -> "\"bench:" + match + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** Adds clients until there are so many, and then tells all of them of every match. */
    void grow(int clients) throws IOException {
        fleet.grow(clients, List.of(server.port()), all(fixtures.size()), 1, "");
        for (Fixture fixture : fixtures) {
            server.publish(fixture.name(), Bare.message(fixture.image()));
        }
        server.flush();
    }

    /** As {@link Stage#run}; the end is when every client holds what was published. */
    Outcome run(String name, int together, int calls) throws Exception {
        Spent spent = new Spent(List.of(server.pid()), fleet.pid());
        new Pace(Steady.CLOCK, fixtures.size(), choice.warmUp(), choice.seconds())
                .run(fleet, spent, together, calls, () -> {}, this::prices);
        boolean equal = awaitEqual(30);
        return new Outcome(
                name,
                fleet.clients(),
                0,
                together,
                choice.seconds(),
                (long) together * calls * choice.seconds(),
                spent,
                fleet.report(),
                new Histogram(Tally.HIGHEST_MICROS, 3),
                equal);
    }

    private void prices(int first, int count, long stamp) throws IOException {
        for (int i = 0; i < count; i++) {
            Fixture fixture = fixtures.get((first + i) % fixtures.size());
            server.publish(fixture.name(), Bare.message(fixture.price(stamp)));
        }
        server.flush();
    }

    boolean awaitEqual(int seconds) throws IOException {
        Path expected = choice.directory().resolve("expected");
        List<String> lines = new ArrayList<>();
        for (Fixture fixture : fixtures) {
            StringBuilder line = new StringBuilder(fixture.name() + " " + fixture.position());
            fixture.sums()
                    .forEach((group, sum) ->
                            line.append(' ').append(group).append('=').append(Checksum.hex(sum)));
            lines.add(line.toString());
        }
        Files.write(expected, lines);
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        while (fleet.equal(expected) < fleet.clients()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Pause.millis(100);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        fleet.close();
        server.close();
    }
}
