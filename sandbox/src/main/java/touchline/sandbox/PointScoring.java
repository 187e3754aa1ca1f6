package touchline.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Many points, margin and total close to normal: basketball. A last basket decides what would be a draw. */
final class PointScoring implements Scoring {

    private static final long MINUTE = 60_000;
    private static final double MARGIN_DEVIATION = 12;
    private static final double TOTAL_DEVIATION = 17;
    private static final double POINTS_A_BASKET = 2.15;

    @Override
    public Course course(SplittableRandom random) {
        List<Course.Period> periods = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long from = i * 34L * MINUTE + (i > 1 ? 12L * MINUTE : 0);
            periods.add(new Course.Period(from, from + 31 * MINUTE));
        }
        double home = random.nextDouble(104, 120);
        double away = random.nextDouble(102, 118);
        long baskets = Math.round((home + away) / POINTS_A_BASKET) + random.nextInt(-8, 9);
        double[] shares = random.doubles(baskets).sorted().toArray();
        double homeShare = home / (home + away);
        List<Course.Moment> moments = new ArrayList<>();
        moments.add(new Course.Moment(0, 0, 0, 0, 0));
        int homeScore = 0;
        int awayScore = 0;
        for (double share : shares) {
            int points = random.nextDouble() < 0.2 ? 3 : random.nextDouble() < 0.06 ? 1 : 2;
            boolean isHome = random.nextDouble() < homeShare;
            homeScore += isHome ? points : 0;
            awayScore += isHome ? 0 : points;
            moments.add(new Course.Moment(Course.at(share, periods), homeScore, awayScore, 0, 0));
        }
        if (homeScore == awayScore) {
            long last = periods.get(3).to() - 1;
            moments.add(new Course.Moment(last, homeScore + 2, awayScore, 0, 0));
        }
        List<Course.Stop> stops = new ArrayList<>();
        for (Course.Period period : periods) {
            stops.add(new Course.Stop(period.from(), random.nextLong(5_000, 40_000), 0));
        }
        return new Course(home, away, moments, stops, periods);
    }

    @Override
    public Outlook outlook(Course course, long elapsed) {
        double left = 1 - course.played(elapsed);
        Course.Moment now = course.moment(elapsed);
        double root = StrictMath.sqrt(left);
        Discrete margin = Discrete.normal(
                now.home() - now.away() + (course.home() - course.away()) * left, MARGIN_DEVIATION * root);
        Discrete total = Discrete.normal(
                now.home() + now.away() + (course.home() + course.away()) * left, TOTAL_DEVIATION * root);
        double tie = margin.at(0) / 2;
        return new Outlook(margin.above(0) + tie, 0, margin.under(0) + tie, margin, total, -1);
    }
}
