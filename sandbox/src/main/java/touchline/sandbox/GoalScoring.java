package touchline.sandbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Few goals, independent and Poisson, more of them late: football, ice hockey. A player sent off weakens his side to
 * two thirds and strengthens the other by a quarter. Where a draw cannot be, a goal after time decides.
 */
record GoalScoring(
        int periodCount,
        double periodMinutes,
        double breakMinutes,
        double homeLow,
        double homeHigh,
        double awayLow,
        double awayHigh,
        double sentOff,
        double checks,
        boolean draws)
        implements Scoring {

    /** Goals at the end come so much more often than at the beginning. */
    private static final double LATE = 0.4;

    private static final long MINUTE = 60_000;
    private static final int GRID = 18;

    static final GoalScoring SOCCER = new GoalScoring(2, 47, 15, 1.0, 2.1, 0.7, 1.7, 0.08, 0.5, true);
    static final GoalScoring HOCKEY = new GoalScoring(3, 38, 17, 2.5, 3.7, 2.3, 3.3, 0, 0.3, false);

    private record Goal(long at, boolean home) {}

    @Override
    public Course course(SplittableRandom random) {
        List<Course.Period> periods = new ArrayList<>();
        long from = 0;
        for (int i = 0; i < periodCount; i++) {
            long to = from + (long) ((periodMinutes + random.nextDouble(0, 4)) * MINUTE);
            periods.add(new Course.Period(from, to));
            from = to + (long) (breakMinutes * MINUTE);
        }
        double home = random.nextDouble(homeLow, homeHigh);
        double away = random.nextDouble(awayLow, awayHigh);
        List<Goal> goals = goals(random, home, away, periods);
        List<Course.Moment> moments = new ArrayList<>();
        List<Course.Stop> stops = new ArrayList<>();
        moments.add(new Course.Moment(0, 0, 0, 0, 0));
        stops.add(new Course.Stop(0, random.nextLong(5_000, 30_000), 0));
        int homeScore = 0;
        int awayScore = 0;
        for (Goal goal : goals) {
            homeScore += goal.home() ? 1 : 0;
            awayScore += goal.home() ? 0 : 1;
            moments.add(new Course.Moment(goal.at(), homeScore, awayScore, 0, 0));
            stops.add(new Course.Stop(goal.at(), random.nextLong(25_000, 90_000), 0));
        }
        for (int side = -1; side <= 1; side += 2) {
            if (random.nextDouble() < sentOff) {
                stops.add(new Course.Stop(
                        Course.at(random.nextDouble(0.2, 0.95), periods), random.nextLong(20_000, 60_000), side));
            }
        }
        for (int i = Noise.poisson(random, checks); i > 0; i--) {
            stops.add(new Course.Stop(
                    Course.at(random.nextDouble(0.05, 0.95), periods), random.nextLong(20_000, 120_000), 0));
        }
        stops.sort(Comparator.comparingLong(Course.Stop::at));
        return new Course(home, away, moments, stops, periods);
    }

    @Override
    public Outlook outlook(Course course, long elapsed) {
        double x = course.played(elapsed);
        double left = 1 - (x + LATE / 2 * (x * x - x));
        double home = course.home() * left;
        double away = course.away() * left;
        for (Course.Stop stop : course.stops()) {
            if (stop.at() <= elapsed && stop.sentOff() != 0) {
                home *= stop.sentOff() > 0 ? 0.67 : 1.25;
                away *= stop.sentOff() > 0 ? 1.25 : 0.67;
            }
        }
        Course.Moment now = course.moment(elapsed);
        double[] homeGoals = poisson(home);
        double[] awayGoals = poisson(away);
        double[] margin = new double[2 * GRID + 1];
        double[] total = new double[2 * GRID + 1];
        double both = 0;
        for (int h = 0; h <= GRID; h++) {
            for (int a = 0; a <= GRID; a++) {
                double p = homeGoals[h] * awayGoals[a];
                margin[GRID + h - a] += p;
                total[h + a] += p;
                both += now.home() + h > 0 && now.away() + a > 0 ? p : 0;
            }
        }
        Discrete margins = new Discrete(now.home() - now.away() - GRID, margin);
        double tie = margins.at(0);
        return new Outlook(
                margins.above(0) + (draws ? 0 : tie / 2),
                draws ? tie : 0,
                margins.under(0) + (draws ? 0 : tie / 2),
                margins,
                new Discrete(now.home() + now.away(), total),
                draws ? both : -1);
    }

    private List<Goal> goals(SplittableRandom random, double home, double away, List<Course.Period> periods) {
        List<Goal> goals = new ArrayList<>();
        int homeGoals = Noise.poisson(random, home);
        int awayGoals = Noise.poisson(random, away);
        for (int i = 0; i < homeGoals + awayGoals; i++) {
            goals.add(new Goal(Course.at(late(random.nextDouble()), periods), i < homeGoals));
        }
        if (!draws && homeGoals == awayGoals) {
            goals.add(new Goal(periods.get(periods.size() - 1).to() - 1_000, random.nextBoolean()));
        }
        goals.sort(Comparator.comparingLong(Goal::at));
        return goals;
    }

    /** Where a goal falls whose chance grows along the match: the inverse of x + b/2 (x² - x). */
    private static double late(double u) {
        double half = LATE / 2;
        return (-(1 - half) + StrictMath.sqrt((1 - half) * (1 - half) + 4 * half * u)) / (2 * half);
    }

    private static double[] poisson(double mean) {
        double[] mass = new double[GRID + 1];
        mass[0] = StrictMath.exp(-mean);
        for (int i = 1; i <= GRID; i++) {
            mass[i] = mass[i - 1] * mean / i;
        }
        return mass;
    }
}
