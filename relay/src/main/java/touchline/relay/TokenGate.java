package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who has a signed token (JWT) of the issuer for this audience that has not expired. What he may see stands in its
 * claim {@code touchline}, as <code>{"select":[{"league":"epl"}],"markets":["h2h"]}</code>; without that claim it is
 * everything. The algorithm is one of the configured ones, and a key serves only the algorithms of its own kind. Never
 * waits for anything.
 */
final class TokenGate implements Gate {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_CHARS = 16_384;
    private static final int MIN_SECRET_BYTES = 32;
    private static final int SUBJECT_CHARS = 64;
    private static final String CLAIM = "touchline";

    private final TokenConfig config;
    private final Set<String> algorithms;
    private final @Nullable PublicKeys keys;
    private final byte @Nullable [] secret;
    private final Time time;

    /** @throws IllegalArgumentException when the secret or the file of keys cannot be used */
    TokenGate(TokenConfig config, Time time) {
        this.config = config;
        this.time = time;
        algorithms = Set.copyOf(config.algorithms());
        secret = config.secret().isPresent() ? config.secret().read().getBytes(UTF_8) : null;
        if (secret != null && secret.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    config.secret() + ": must have " + MIN_SECRET_BYTES + " bytes or more, else it can be guessed");
        }
        keys = config.jwks().isEmpty() ? null : PublicKeys.open(config);
    }

    @Override
    public Grant open(@Nullable String token) throws Denied {
        if (token == null || token.isEmpty()) {
            throw new Denied("a token is needed");
        }
        if (token.length() > MAX_CHARS) {
            throw new Denied("the token is too long");
        }
        SignedJWT signed;
        JWTClaimsSet claims;
        try {
            signed = SignedJWT.parse(token);
            verify(signed);
            claims = signed.getJWTClaimsSet();
        } catch (ParseException | IllegalArgumentException e) {
            throw new Denied("the token is not a signed JWT");
        } catch (JOSEException e) {
            throw new Denied("the token's signature cannot be verified");
        }
        return grant(claims);
    }

    private void verify(SignedJWT token) throws Denied, JOSEException {
        JWSHeader header = token.getHeader();
        String algorithm = header.getAlgorithm().getName();
        if (!algorithms.contains(algorithm)) {
            throw new Denied("the token's algorithm is not accepted; accepted are " + config.algorithms());
        }
        if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
            throw new Denied("the token demands what is not understood (crit)");
        }
        byte[] shared = secret;
        if (algorithm.equals(TokenConfig.HS256)) {
            if (shared == null || !token.verify(new MACVerifier(shared))) {
                throw new Denied("the token's signature is wrong");
            }
            return;
        }
        boolean known = false;
        for (JWK key : keys == null ? List.<JWK>of() : keys.all()) {
            if (header.getKeyID() == null || header.getKeyID().equals(key.getKeyID())) {
                known = true;
                if (serves(key, algorithm) && verifies(key, token)) {
                    return;
                }
            }
        }
        if (keys != null && !known) {
            keys.unknown();
            throw new Denied("the token's key is not known here (yet)");
        }
        throw new Denied("the token's signature is wrong");
    }

    /** Of a kind with the algorithm, and not meant for another one. */
    private static boolean serves(JWK key, String algorithm) {
        if (key.getAlgorithm() != null && !key.getAlgorithm().getName().equals(algorithm)) {
            return false;
        }
        return switch (algorithm.substring(0, 2)) {
            case "RS", "PS" -> key instanceof RSAKey;
            case "ES" -> key instanceof ECKey;
            default -> key instanceof OctetKeyPair;
        };
    }

    private static boolean verifies(JWK key, SignedJWT token) throws JOSEException {
        if (key instanceof RSAKey rsa) {
            return token.verify(new RSASSAVerifier(rsa));
        } else if (key instanceof ECKey ec) {
            ECDSAVerifier verifier = new ECDSAVerifier(ec);
            // A curve serves one algorithm only.
            return verifier.supportedJWSAlgorithms().contains(token.getHeader().getAlgorithm())
                    && token.verify(verifier);
        } else if (key instanceof OctetKeyPair pair) {
            return Ed25519.verifies(
                    pair, token.getSigningInput(), token.getSignature().decode());
        }
        return false;
    }

    private Grant grant(JWTClaimsSet claims) throws Denied {
        long now = time.wallMs();
        Date expires = claims.getExpirationTime();
        Date from = claims.getNotBeforeTime();
        if (!config.issuer().equals(claims.getIssuer())) {
            throw new Denied("the token is of another issuer (iss)");
        }
        if (!claims.getAudience().contains(config.audience())) {
            throw new Denied("the token is for another audience (aud)");
        }
        if (expires == null) {
            throw new Denied("the token does not say when it expires (exp)");
        }
        long end = expires.toInstant().toEpochMilli() + config.leewayMs();
        if (end <= now) {
            throw new Denied("the token has expired");
        }
        if (from != null && from.toInstant().toEpochMilli() - config.leewayMs() > now) {
            throw new Denied("the token is not valid yet (nbf)");
        }
        if (!claims.getClaims().containsKey(CLAIM)) {
            return new Grant(subject(claims), end, List.of(), null);
        }
        JsonNode limits = JSON.valueToTree(claims.getClaim(CLAIM));
        return new Grant(subject(claims), end, selects(limits), markets(limits));
    }

    private static String subject(JWTClaimsSet claims) {
        // It goes to the log: one word, of bounded length.
        String subject = String.valueOf(claims.getSubject()).replaceAll("[^\\w.@:|+-]", "_");
        return subject.substring(0, Math.min(SUBJECT_CHARS, subject.length()));
    }

    private static List<Select> selects(JsonNode limits) throws Denied {
        if (!limits.isObject() || !fields(limits).stream().allMatch(Set.of("select", "markets")::contains)) {
            throw new Denied("the token's claim " + CLAIM + " must be an object of select and markets");
        }
        JsonNode select = limits.get("select");
        if (select == null) {
            return List.of();
        }
        if (!select.isArray() || select.isEmpty()) {
            throw new Denied("the token's claim " + CLAIM + ".select must be an array of at least one selection");
        }
        List<Select> selects = new ArrayList<>();
        for (JsonNode one : select) {
            try {
                selects.add(Select.read(one));
            } catch (IllegalArgumentException e) {
                throw new Denied("the token's claim " + CLAIM + ".select holds what is no selection");
            }
        }
        return selects;
    }

    private static @Nullable Set<String> markets(JsonNode limits) throws Denied {
        JsonNode markets = limits.get("markets");
        if (markets == null) {
            return null;
        }
        Set<String> keys = new HashSet<>();
        for (JsonNode market : markets) {
            keys.add(market.textValue());
        }
        if (!markets.isArray() || keys.contains(null)) {
            throw new Denied("the token's claim " + CLAIM + ".markets must be an array of texts");
        }
        return keys;
    }

    private static List<String> fields(JsonNode node) {
        List<String> fields = new ArrayList<>();
        node.fieldNames().forEachRemaining(fields::add);
        return fields;
    }

    @Override
    public void close() {
        if (keys != null) {
            keys.close();
        }
    }
}
