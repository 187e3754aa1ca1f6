package touchline.cluster;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import touchline.audit.Speech;

/**
 * One strike of a fault, and what came of it.
 *
 * @param redisMs from the fault to the first new update at a reader of Redis; -1 if none came
 * @param clientMs the same at a client of the relays
 * @param broken what broke a promise, in words
 */
record Trial(long redisMs, long clientMs, List<String> broken) {

    private static final int MOST_LINES = 30;

    Trial {
        broken = List.copyOf(broken);
    }

    static Trial of(Scene scene, Fault fault) {
        List<String> broken = new ArrayList<>();
        long redis = -1;
        long client = -1;
        try {
            scene.awaitCalm();
            scene.mark();
            fault.strike(scene);
            scene.awaitRecovery();
            redis = scene.reader().arrivals().recoveryMs();
            client = scene.client().arrivals().recoveryMs();
            fault.mend(scene);
            scene.awaitCalm();
            broken.addAll(scene.judge.judge(fault.everyRevision()));
        } catch (RuntimeException e) {
            broken.add(Speech.words(e));
            fault.mend(scene);
        }
        if (!broken.isEmpty()) {
            // The next one is judged by what it breaks itself.
            scene.subscribeAnew();
        }
        return new Trial(redis, client, broken);
    }

    /** For people. */
    List<String> lines(Fault fault, int run) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s  %-22s run %d: %s, first new update at Redis' reader %,d ms, at a relay's client %,d ms",
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                fault.word(),
                run,
                broken.isEmpty() ? "kept" : "BROKEN",
                redisMs,
                clientMs));
        broken.stream().limit(MOST_LINES).forEach(text -> lines.add("    " + text));
        return lines;
    }
}
