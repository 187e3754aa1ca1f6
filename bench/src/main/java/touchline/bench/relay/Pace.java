package touchline.bench.relay;

import touchline.bench.OpenSchedule;

/**
 * Prices at a fixed rate, the first seconds of it unmeasured.
 *
 * @param matches whose prices change by turns
 * @param warmUp seconds before what is measured
 * @param seconds that are measured
 */
record Pace(Clock clock, int matches, int warmUp, int seconds) {

    /** Where prices come from. */
    interface Prices {
        /** The prices of so many matches, from the given one on, change together. */
        void change(int first, int count, long stamp) throws Exception;
    }

    /**
     * Sends all of them, and begins and ends what is spent and what the fleet records.
     *
     * @param together updates that are written in one call
     * @param calls per second
     * @param measured called when the measured seconds begin
     */
    void run(FleetProcess fleet, Spent spent, int together, int calls, Runnable measured, Prices prices)
            throws Exception {
        long start = clock.micros() + 200_000;
        long from = start + warmUp * 1_000_000L;
        long to = from + seconds * 1_000_000L;
        // Half a millisecond early: the time of an update that was merged into a later one is known to a microsecond
        // only.
        fleet.record(from - 500, to - 500, 1_000_000L * matches / ((long) together * calls));
        OpenSchedule.run(clock.nanos(start), calls, warmUp + seconds, (n, intended) -> {
            if (n == warmUp * calls) {
                measured.run();
                spent.begin();
            }
            prices.change(n * together, together, clock.micros(intended));
        });
        spent.end();
    }
}
