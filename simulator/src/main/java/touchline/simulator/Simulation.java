package touchline.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.feed.Decimal;
import touchline.feed.Quote;
import touchline.price.MedianPricing;
import touchline.price.Prices;
import touchline.simulator.Truth.Said;
import touchline.update.Position;

/**
 * One run of the whole chain: some seconds in which everything may go wrong, then calm, in which everybody must come to hold
 * the same. The seed decides everything: the same one gives the same run.
 */
public final class Simulation {

    private static final int FAULTS_MS = 9_000;
    private static final int CALM_MS = 5_000;
    private static final int CONVERGED_WITHIN_MS = 20_000;
    private static final int LOOK_MS = 500;
    private static final int SHOWN = 200;

    private final Chain chain;
    private final long seed;
    private @Nullable String unlike = "";

    private Simulation(long seed, @Nullable Flaw flaw, boolean traced) {
        this.seed = seed;
        chain = new Chain(seed, flaw, traced);
    }

    /**
     * What came of a run.
     *
     * @param broken the promise that did not hold, null when all did
     * @param match the one concerned, empty where it is none
     * @param trace the last events that are about it, where asked for
     */
    public record Verdict(
            long seed,
            @Nullable Flaw flaw,
            @Nullable Promise broken,
            String match,
            String detail,
            long elapsedMs,
            long steps,
            List<String> trace) {

        /** Did every promise hold? */
        public boolean isKept() {
            return broken == null;
        }
    }

    /** Runs one seed, with or without something broken on purpose. */
    public static Verdict run(long seed, @Nullable Flaw flaw, boolean traced) {
        Simulation simulation = new Simulation(seed, flaw, traced);
        Chain chain = simulation.chain;
        try {
            simulation.run();
            return simulation.verdict(null, "", "");
        } catch (Broken broken) {
            return simulation.verdict(broken.promise(), broken.match(), String.valueOf(broken.getMessage()));
        } catch (RuntimeException e) {
            throw new IllegalStateException("seed " + seed + " at " + chain.time.elapsed() + " ms", e);
        }
    }

    private Verdict verdict(@Nullable Promise broken, String match, String detail) {
        List<String> trace = chain.trace.on ? chain.trace.last(match, SHOWN) : List.of();
        return new Verdict(seed, chain.flaw, broken, match, detail, chain.time.elapsed(), chain.time.steps(), trace);
    }

    private void run() {
        chain.start();
        look();
        while (chain.time.elapsed() < FAULTS_MS) {
            chain.time.step();
        }
        chain.faults.end();
        long from = chain.time.now();
        while (unlike != null) {
            chain.time.step();
            if (chain.time.now() - from > CONVERGED_WITHIN_MS) {
                throw new Broken(
                        Promise.CONVERGENCE,
                        "",
                        CONVERGED_WITHIN_MS + " ms after the last fault, " + unlike + "; " + chain.jobs.restarts()
                                + " restarts");
            }
        }
        chain.promises.notLost.atTheEnd();
    }

    private void look() {
        chain.promises.links.look();
        if (chain.time.elapsed() > FAULTS_MS + CALM_MS) {
            unlike = unlike();
        }
        chain.time.in(LOOK_MS, this::look);
    }

    /** What is not yet as it must be in the end; null when everything is. */
    private @Nullable String unlike() {
        if (chain.jobs.running() == null) {
            return "the job does not run";
        }
        for (String match : chain.world.inLog()) {
            Said truth = chain.truth.current().last(match);
            Position position = truth == null ? null : truth.position();
            if (position != null && !position.equals(chain.redis.position(match))) {
                return "redis holds " + match + " at " + Trace.show(chain.redis.position(match)) + " and not "
                        + Trace.show(position);
            }
            for (ClientModel client : chain.clients) {
                String unlike = client.unlike(match, truth);
                if (unlike != null) {
                    return unlike;
                }
            }
            asTheWorldIs(match, truth);
        }
        return null;
    }

    /** Where a market is open at the provider's prices, they are the prices of now. */
    private void asTheWorldIs(String match, @Nullable Said truth) {
        if (truth == null || truth.ended() || match.equals(World.CANONICAL) || chain.world.isLinked(match)) {
            return;
        }
        if (chain.truth.isShortOfQuotes(match) || !truth.cells().isOpen("totals")) {
            return;
        }
        List<Prices> quoted =
                chain.world.quotes(match, "totals").stream().map(Quote::prices).toList();
        Prices prices = new MedianPricing().price(quoted);
        prices.forEach((outcome, price) -> {
            String shown = truth.cells().get("totals/" + outcome);
            if (!Decimal.text(price).equals(shown)) {
                throw new Broken(
                        Promise.P4_DOUBT,
                        match,
                        "totals is open with " + outcome + "=" + shown + ", and for long everybody has said "
                                + Decimal.text(price));
            }
        });
    }
}
