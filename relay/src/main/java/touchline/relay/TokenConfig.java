package touchline.relay;

import java.net.URI;
import java.util.List;
import java.util.Set;
import touchline.config.Secret;
import touchline.config.Setting;

/** Which tokens are accepted. Holds no secret, only where one is found; refuses what could never let anybody in. */
public record TokenConfig(
        @Setting(
                value = "",
                help = "public keys of who issues tokens, as JWKS: a file's path or an https URL; empty for none")
        String jwks,

        @Setting(value = "", help = "shared secret of HS256 tokens, as env:NAME or file:PATH; at least 32 bytes")
        Secret secret,

        @Setting(value = "", help = "who issues tokens: exactly their claim iss")
        String issuer,

        @Setting(value = "", help = "whom they are for: one of their claim aud")
        String audience,

        @Setting(
                value = "RS256,ES256,EdDSA",
                help = "accepted algorithms, of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA,"
                        + " HS256")
        List<String> algorithms,

        @Setting(value = "5000", help = "how far an issuer's clock may be off, ms")
        int leewayMs,

        @Setting(value = "300000", help = "public keys are read again this often, ms")
        int refreshMs) {

    static final String HS256 = "HS256";

    private static final Set<String> KNOWN =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", HS256);

    public TokenConfig {
        algorithms = List.copyOf(algorithms);
        for (String algorithm : algorithms) {
            if (!KNOWN.contains(algorithm)) {
                throw new IllegalArgumentException("algorithms=" + algorithm + ": must be of " + sorted());
            }
        }
        within("leewayMs", leewayMs, 0, 600_000);
        within("refreshMs", refreshMs, 1_000, 86_400_000);
        boolean shared = algorithms.contains(HS256);
        if (shared != secret.isPresent()) {
            throw new IllegalArgumentException("secret and algorithms: set a secret exactly when HS256 is among them");
        }
        if (!jwks.isEmpty() || secret.isPresent()) {
            if (issuer.isEmpty() || audience.isEmpty()) {
                throw new IllegalArgumentException(
                        "issuer and audience must be set, else tokens for others are let in");
            }
            if (jwks.isEmpty() && algorithms.size() > 1) {
                throw new IllegalArgumentException("jwks must be set for " + algorithms + "; with a secret alone only "
                        + HS256 + " can be accepted");
            }
            if (algorithms.isEmpty()) {
                throw new IllegalArgumentException("algorithms must name at least one of " + sorted());
            }
        }
        if (jwks.startsWith("http:") && !isLoopback(jwks)) {
            throw new IllegalArgumentException(
                    "jwks=" + jwks + ": must be https, else anybody on the way can add a key");
        }
    }

    /** Are tokens looked at? */
    public boolean isPresent() {
        return !jwks.isEmpty() || secret.isPresent();
    }

    boolean isUrl() {
        return jwks.startsWith("https:") || jwks.startsWith("http:");
    }

    private static boolean isLoopback(String url) {
        String host = String.valueOf(URI.create(url).getHost());
        return Set.of("127.0.0.1", "localhost", "[::1]").contains(host);
    }

    private static List<String> sorted() {
        return KNOWN.stream().sorted().toList();
    }

    private static void within(String name, int value, int from, int to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(name + "=" + value + ": must be within " + from + ".." + to);
        }
    }
}
