package touchline.relay;

import org.jspecify.annotations.Nullable;

/** Who may come in, and what he may see. Never blocks. */
interface Gate extends AutoCloseable {

    /** @throws Denied when the token, or that there is none, is not accepted */
    Grant open(@Nullable String token) throws Denied;

    /** Everybody may see everything. */
    static Gate anonymous() {
        return token -> Grant.ANYTHING;
    }

    /**
     * Who has a signed token may see what stands in it.
     *
     * @throws IllegalArgumentException when the secret or the file of keys cannot be used
     */
    static TokenGate jwt(TokenConfig config) {
        return new TokenGate(config, Time.SYSTEM);
    }

    /** As this one; but who has no token may see everything. */
    default Gate orAnonymous() {
        Gate tokens = this;
        return new Gate() {
            @Override
            public Grant open(@Nullable String token) throws Denied {
                return token == null ? Grant.ANYTHING : tokens.open(token);
            }

            @Override
            public void close() {
                tokens.close();
            }
        };
    }

    @Override
    default void close() {}

    /** Not accepted; the message says what is wrong with the token, and never holds any of it. */
    final class Denied extends Exception {
        private static final long serialVersionUID = 1;

        Denied(String message) {
            super(message);
        }
    }
}
