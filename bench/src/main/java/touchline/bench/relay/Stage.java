package touchline.bench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import touchline.bench.OpenSchedule;
import touchline.sandbox.RedisServer;

/** Redis, its source, relays and a fleet on this machine, for one measurement. */
final class Stage implements AutoCloseable {

    /** What whoever measures may choose. */
    record Choice(
            Path directory,
            List<String> relayOptions,
            Map<String, String> set,
            int shards,
            int warmUp,
            int seconds,
            boolean profile) {}

    private final Choice choice;
    final Clock clock = new Clock(System.nanoTime());
    final RedisServer redis;
    final Source source;
    final List<RelayProcess> relays = new ArrayList<>();
    final FleetProcess fleet;

    Stage(Choice choice, int matches, int relayCount) throws Exception {
        this.choice = choice;
        redis = RedisServer.start(0);
        source = new Source(redis.uri(), choice.shards(), matches, clock);
        for (int i = 0; i < relayCount; i++) {
            relays.add(new RelayProcess(
                    redis.uri(),
                    choice.relayOptions(),
                    choice.set(),
                    choice.directory().resolve("relay" + i + ".log")));
        }
        fleet = new FleetProcess(clock, choice.directory().resolve("fleet.log"));
    }

    RelayProcess relay() {
        return relays.get(0);
    }

    List<Integer> ports() {
        return relays.stream().map(RelayProcess::port).toList();
    }

    /** @param windowMs that a subscription asks for; 0 for none */
    double grow(int clients, int windowMs) {
        return fleet.grow(clients, ports(), FleetProcess.ALL, 1, windowMs == 0 ? "" : ",\"rate\":" + windowMs);
    }

    /**
     * Prices at a fixed rate, the first seconds of it unmeasured; ends when every client holds what Redis holds.
     *
     * @param together updates that are written in one call
     * @param calls per second
     */
    Outcome run(String name, int windowMs, int together, int calls) throws Exception {
        return run(name, windowMs, together, calls, true);
    }

    /** @param toTheEnd whether to wait until all are equal */
    Outcome run(String name, int windowMs, int together, int calls, boolean toTheEnd) throws Exception {
        int seconds = choice.seconds();
        int warmUp = choice.warmUp();
        long start = clock.micros() + 200_000;
        long from = start + warmUp * 1_000_000L;
        long to = from + seconds * 1_000_000L;
        long gap = 1_000_000L * source.matches() / ((long) together * calls);
        // Half a millisecond early: the time of an update that was merged into a later one is known to a microsecond
        // only.
        fleet.record(from - 500, to - 500, gap);
        source.confirmed().reset();
        Spent spent = spent();
        OpenSchedule.run(clock.nanos(start), calls, warmUp + seconds, (n, intended) -> {
            if (n == warmUp * calls) {
                if (choice.profile()) {
                    relay().profile();
                }
                spent.begin();
                source.confirmed().reset();
            }
            source.prices(n * together, together, clock.micros(intended));
        });
        spent.end();
        if (choice.profile()) {
            relay().profiled(choice.directory().resolve(name.replaceAll("\\W+", "") + ".jfr"));
        }
        Boolean equal = toTheEnd ? awaitEqual(30) : null;
        long sent = (long) together * calls * seconds;
        return new Outcome(
                name,
                fleet.clients(),
                windowMs,
                together,
                seconds,
                sent,
                spent,
                fleet.report(),
                source.confirmed().copy(),
                equal);
    }

    /** Whether every client comes to hold what Redis holds. */
    boolean awaitEqual(int seconds) throws IOException, InterruptedException, ExecutionException {
        source.awaitConfirmed();
        Path expected = choice.directory().resolve("expected");
        Files.createDirectories(choice.directory());
        source.writeExpected(expected);
        long deadline = System.nanoTime() + seconds * 1_000_000_000L;
        while (fleet.equal(expected) < fleet.clients()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Pause.millis(100);
        }
        return true;
    }

    /** What the relays and the fleet will have spent, once it was told to begin and to end. */
    Spent spent() {
        return new Spent(relays.stream().map(RelayProcess::pid).toList(), fleet.pid());
    }

    @Override
    public void close() {
        fleet.close();
        relays.forEach(RelayProcess::close);
        source.close();
        redis.close();
    }
}
