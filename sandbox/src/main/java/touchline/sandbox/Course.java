package touchline.sandbox;

import java.util.List;

/**
 * What will happen in one match, known before it begins. Times are milliseconds since the kick-off.
 *
 * @param home strength of the home side, in what the sport counts
 * @param moments in order of time; the first at 0
 * @param stops in order of time: when bookmakers take their markets away
 * @param periods in order of time, when the clock runs
 */
record Course(double home, double away, List<Moment> moments, List<Stop> stops, List<Period> periods) {

    /**
     * The score from then on.
     *
     * @param games played in all, and {@code lead} home's lead within the set: tennis only
     */
    record Moment(long at, int home, int away, int games, int lead) {}

    /**
     * Bookmakers leave for about so long.
     *
     * @param sentOff 1 home's player, -1 away's, 0 nobody
     */
    record Stop(long at, long pauseMs, int sentOff) {}

    record Period(long from, long to) {}

    Course {
        moments = List.copyOf(moments);
        stops = List.copyOf(stops);
        periods = List.copyOf(periods);
    }

    long lengthMs() {
        return periods.get(periods.size() - 1).to();
    }

    Moment moment(long elapsed) {
        Moment last = moments.get(0);
        for (Moment moment : moments) {
            if (moment.at() > elapsed) {
                break;
            }
            last = moment;
        }
        return last;
    }

    /** The share of the playing time that is over, from 0 to 1. */
    double played(long elapsed) {
        long played = 0;
        long all = 0;
        for (Period period : periods) {
            all += period.to() - period.from();
            played += Math.max(0, Math.min(elapsed, period.to()) - period.from());
        }
        return (double) played / all;
    }

    /** When that share of the playing time is over. */
    static long at(double share, List<Period> periods) {
        long all = 0;
        for (Period period : periods) {
            all += period.to() - period.from();
        }
        long left = (long) (share * all);
        for (Period period : periods) {
            long length = period.to() - period.from();
            if (left < length) {
                return period.from() + left;
            }
            left -= length;
        }
        return periods.get(periods.size() - 1).to();
    }
}
