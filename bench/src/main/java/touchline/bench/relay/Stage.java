package touchline.bench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
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
        Spent spent = spent();
        Runnable measured = () -> {
            if (choice.profile()) {
                relay().profile();
            }
            source.confirmed().reset();
        };
        new Pace(clock, source.matches(), choice.warmUp(), seconds)
                .run(fleet, spent, together, calls, measured, source::prices);
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
