package touchline.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Games make sets, two sets make the match: tennis. The score is in sets; totals and spreads count games. */
final class SetScoring implements Scoring {

    private static final long GAME_MS = 4 * 60_000;
    private static final double GAMES_A_SET = 9.7;

    @Override
    public Course course(SplittableRandom random) {
        double home = random.nextDouble(0.42, 0.58);
        List<Course.Moment> moments = new ArrayList<>();
        List<Course.Stop> stops = new ArrayList<>();
        moments.add(new Course.Moment(0, 0, 0, 0, 0));
        stops.add(new Course.Stop(0, random.nextLong(5_000, 30_000), 0));
        long at = 0;
        int games = 0;
        int homeSets = 0;
        int awaySets = 0;
        while (homeSets < 2 && awaySets < 2) {
            int homeGames = 0;
            int awayGames = 0;
            while (!isSet(homeGames, awayGames)) {
                at += (long) (GAME_MS * random.nextDouble(0.6, 1.5));
                games++;
                if (random.nextDouble() < home) {
                    homeGames++;
                } else {
                    awayGames++;
                }
                boolean over = isSet(homeGames, awayGames);
                homeSets += over && homeGames > awayGames ? 1 : 0;
                awaySets += over && homeGames < awayGames ? 1 : 0;
                moments.add(new Course.Moment(at, homeSets, awaySets, games, over ? 0 : homeGames - awayGames));
            }
            stops.add(new Course.Stop(at, random.nextLong(20_000, 90_000), 0));
        }
        return new Course(home, 1 - home, moments, stops, List.of(new Course.Period(0, at + 1_000)));
    }

    @Override
    public Outlook outlook(Course course, long elapsed) {
        Course.Moment now = course.moment(elapsed);
        int sets = now.home() + now.away();
        double setsLeft = sets == 0 ? 2.45 : now.home() == now.away() ? 1 : 1.5;
        double gamesOfSet = Math.min(GAMES_A_SET - 1, now.games() - sets * GAMES_A_SET);
        double left = Math.max(0.15, setsLeft - Math.max(0, gamesOfSet) / GAMES_A_SET);
        boolean over = now.home() == 2 || now.away() == 2;
        double edge = (course.home() - course.away()) * GAMES_A_SET * left;
        double logit = 0.45 * edge + 1.3 * (now.home() - now.away()) + 0.35 * now.lead();
        double home = 1 / (1 + StrictMath.exp(-logit));
        if (over) {
            home = now.home() == 2 ? 1 : 0;
        }
        double deviation = 4.2 * StrictMath.sqrt(left / 2.45);
        Discrete margin = Discrete.normal(edge + 3 * (now.home() - now.away()) + now.lead(), deviation);
        Discrete total = Discrete.normal(now.games() + GAMES_A_SET * left, deviation);
        return new Outlook(home, 0, 1 - home, margin, total, -1);
    }

    private static boolean isSet(int home, int away) {
        int most = Math.max(home, away);
        return most == 7 || (most == 6 && Math.abs(home - away) >= 2);
    }
}
