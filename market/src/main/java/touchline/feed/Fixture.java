package touchline.feed;

import org.jspecify.annotations.Nullable;

/**
 * Who plays, in what, and when. A field that the source does not know, or an operator leaves to the provider, is null.
 *
 * @param sport the sport's key, as {@code soccer_epl}
 * @param league its title, as {@code EPL}
 * @param start the planned kick-off, ms UTC; it moves, and is never part of an identity
 */
public record Fixture(
        @Nullable String sport,
        @Nullable String league,
        @Nullable String home,
        @Nullable String away,
        @Nullable Long start) {}
