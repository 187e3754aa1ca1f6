package touchline.sandbox;

import java.util.SplittableRandom;

/** How points fall in a sport, and what that lets one expect at any time. */
interface Scoring {

    Course course(SplittableRandom random);

    /** @param elapsed since the kick-off, negative before it */
    Outlook outlook(Course course, long elapsed);
}
