package touchline.postgres;

import io.debezium.connector.postgresql.connection.ResumesAtStoredEvent;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import java.security.CodeSource;

/**
 * Makes sure that, of the two classes named {@link WalPositionLocator}, ours was loaded. Debezium's own loses the first
 * row after most restarts of a quiet job, silently; class path order and shading decide which one it is.
 */
public final class WalPositionLocatorCheck {

    private WalPositionLocatorCheck() {}

    /** @throws IllegalStateException when it is Debezium's, saying where it came from and what to do */
    public static void verify() {
        verify(WalPositionLocator.class);
    }

    static void verify(Class<?> loaded) {
        if (!ResumesAtStoredEvent.class.isAssignableFrom(loaded)) {
            CodeSource from = loaded.getProtectionDomain().getCodeSource();
            throw new IllegalStateException(loaded.getName() + " was loaded from "
                    + (from == null ? "an unknown place" : from.getLocation())
                    + ": it loses rows at restarts. Put the postgres connector before debezium-connector-postgres on the"
                    + " class path, and exclude this class of Debezium's when shading");
        }
    }
}
