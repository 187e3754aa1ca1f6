package touchline.sandbox;

/**
 * One match from its announcement to its result. Times are simulated milliseconds since the simulation began.
 *
 * @param seed of everything that is random about it
 * @param scheduled when it was to begin
 * @param start when it does: some begin late, and are listed with the new time once the scheduled one has come
 */
record SimulatedMatch(
        long seed, String id, League league, String home, String away, long scheduled, long start, Course course) {

    /** The vendor lists a match for a while after its end, quoted by nobody. */
    private static final long LINGER = 90_000;

    /** The vendor looks at live scores every half minute. */
    private static final long SCORE_STEP = 30_000;

    static SimulatedMatch of(long planSeed, League league, int leagueIndex, int ground, long number) {
        long seed = Noise.mix(planSeed, leagueIndex, ground, number);
        long offset = (long) (Noise.uniform(planSeed, leagueIndex, ground, -1) * league.cycleMs());
        long scheduled = number * league.cycleMs() - offset;
        double late = Noise.uniform(seed, 1);
        long start = scheduled + (late < 0.4 ? (long) (late / 0.4 * 300_000) : 0);
        // Four teams a ground, in an order in which nobody plays twice at a time.
        int pair = (int) Math.floorMod(number, 6L);
        int[][] pairs = {{0, 1}, {2, 3}, {1, 2}, {3, 0}, {0, 2}, {1, 3}};
        return new SimulatedMatch(
                seed,
                hex(Noise.mix(seed, 2)) + hex(Noise.mix(seed, 3)),
                league,
                league.team(4 * ground + pairs[pair][0]),
                league.team(4 * ground + pairs[pair][1]),
                scheduled,
                start,
                league.scoring().course(Noise.random(seed, 4)));
    }

    long end() {
        return start + course.lengthMs();
    }

    boolean isLive(long now) {
        return now >= start && now < end();
    }

    boolean isListed(long now) {
        return now < end() + LINGER;
    }

    long commenceTime(long now) {
        return now < scheduled ? scheduled : start;
    }

    Outlook outlook(long at) {
        return league.scoring().outlook(course, at - start);
    }

    /** When the provider last looked at the score. */
    long scoredAt(long now) {
        long phase = (long) (Noise.uniform(seed, 5) * SCORE_STEP);
        return now - Math.floorMod(now - phase, SCORE_STEP);
    }

    /** The score at that time. */
    Course.Moment score(long at) {
        return course.moment(at - start);
    }

    private static String hex(long bits) {
        String hex = Long.toHexString(bits);
        return "0".repeat(16 - hex.length()) + hex;
    }
}
