package touchline.relay;

import org.jspecify.annotations.Nullable;

/** What a selection goes by. While they stay the same they are one object per match. */
record Facts(
        String match,
        @Nullable String phase,
        @Nullable String sport,
        @Nullable String league) {}
