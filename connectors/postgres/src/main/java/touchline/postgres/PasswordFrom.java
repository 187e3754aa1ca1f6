package touchline.postgres;

import java.util.Properties;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import touchline.config.Secret;

/**
 * Reads the password where it is, at the moment a connection asks for it. So it is in no job graph and no state, and not
 * among the properties that Flink CDC writes into its log. The driver makes it, by name.
 */
public final class PasswordFrom implements AuthenticationPlugin {

    /** The driver's property that says where the password is. */
    static final String WHERE = "touchlinePasswordFrom";

    private final Secret secret;

    public PasswordFrom(Properties connection) {
        secret = new Secret(connection.getProperty(WHERE, ""));
    }

    @Override
    public char[] getPassword(AuthenticationRequestType type) {
        return secret.read().toCharArray();
    }
}
