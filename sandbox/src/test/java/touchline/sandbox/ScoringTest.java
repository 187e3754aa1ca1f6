package touchline.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScoringTest {

    private static final Offset<Double> CLOSE = within(1e-6);
    private static final List<Course.Period> HOUR = List.of(new Course.Period(0, 3_600_000));

    /** Known answers of the independent Poisson model for expected goals of 1.5 and 1.2. */
    @Test
    void footballBeforeTheKickOffIsThePoissonModel() {
        Outlook outlook = GoalScoring.SOCCER.outlook(football(0, 0), -1);
        assertThat(outlook.home()).isCloseTo(0.4414651732, CLOSE);
        assertThat(outlook.draw()).isCloseTo(0.2548167776, CLOSE);
        assertThat(outlook.away()).isCloseTo(0.3037180492, CLOSE);
        assertThat(outlook.total().fair(2.5)).isCloseTo(0.5063755089, CLOSE);
        assertThat(outlook.total().fair(3)).isCloseTo(0.2859078244 / (0.2859078244 + 0.4936244911), CLOSE);
        assertThat(outlook.bothScore()).isCloseTo(0.5428811407, CLOSE);
        assertThat(1 / outlook.margin().fair(1)).isCloseTo(3.55929197, CLOSE);
        assertThat(1 / outlook.margin().fair(0.75)).isCloseTo(2.69329125, CLOSE);
        assertThat(1 / outlook.margin().fair(0)).isCloseTo(1.68797737, CLOSE);
        assertThat(1 / outlook.margin().fair(-0.25)).isCloseTo(1.53389377, CLOSE);
    }

    @Test
    void theEndIsCertain() {
        Outlook outlook = GoalScoring.SOCCER.outlook(football(2, 1), 3_600_000);
        assertThat(outlook.home()).isCloseTo(1, CLOSE);
        assertThat(outlook.total().above(3.5)).isCloseTo(0, CLOSE);
        assertThat(outlook.bothScore()).isCloseTo(1, CLOSE);
    }

    @Test
    void aGoalHelpsAndAPlayerSentOffHurts() {
        double level = GoalScoring.SOCCER.outlook(football(0, 0), 1_800_000).home();
        assertThat(GoalScoring.SOCCER.outlook(football(1, 0), 1_800_000).home()).isGreaterThan(level);
        Course sentOff = new Course(
                1.5, 1.2, List.of(new Course.Moment(0, 0, 0, 0, 0)), List.of(new Course.Stop(10, 1, 1)), HOUR);
        assertThat(GoalScoring.SOCCER.outlook(sentOff, 1_800_000).home()).isLessThan(level);
    }

    @Test
    void chancesOfEverySportAddUpAtAnyTime() {
        for (League league : League.ALL) {
            for (long seed = 0; seed < 20; seed++) {
                Course course = league.scoring().course(Noise.random(seed));
                for (long at = -60_000; at < course.lengthMs(); at += 300_000) {
                    Outlook outlook = league.scoring().outlook(course, at);
                    assertThat(outlook.home() + outlook.draw() + outlook.away()).isCloseTo(1, within(1e-4));
                    if (course.played(at) < 0.5) {
                        assertThat(outlook.total().fair(outlook.total().evenLine(0.5)))
                                .isBetween(0.2, 0.8);
                    }
                }
            }
        }
    }

    @Test
    void resultsAreOfTheSportsKind() {
        double goals = 0;
        double points = 0;
        for (long seed = 0; seed < 500; seed++) {
            goals += total(GoalScoring.SOCCER.course(Noise.random(seed)));
            points += total(new PointScoring().course(Noise.random(seed)));
            Course.Moment sets = last(new SetScoring().course(Noise.random(seed)));
            assertThat(Math.max(sets.home(), sets.away())).isEqualTo(2);
            Course.Moment hockey = last(GoalScoring.HOCKEY.course(Noise.random(seed)));
            assertThat(hockey.home()).isNotEqualTo(hockey.away());
        }
        assertThat(goals / 500).isBetween(2.4, 3.1);
        assertThat(points / 500).isBetween(215.0, 229.0);
    }

    private static int total(Course course) {
        return last(course).home() + last(course).away();
    }

    private static Course.Moment last(Course course) {
        return course.moment(course.lengthMs());
    }

    private static Course football(int home, int away) {
        return new Course(1.5, 1.2, List.of(new Course.Moment(0, home, away, 0, 0)), List.of(), HOUR);
    }
}
