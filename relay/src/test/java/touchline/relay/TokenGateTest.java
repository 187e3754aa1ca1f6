package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenGateTest {

    private static final byte[] SECRET = "a secret of at least 32 bytes, as it must be".getBytes(UTF_8);

    private static RSAKey rsa;
    private static ECKey ec;
    private static Issuer.Edwards edwards;

    @TempDir
    Path directory;

    private Path keys;
    private long nowMs = Issuer.NOW * 1_000;

    @BeforeAll
    static void keys() {
        rsa = Issuer.rsa("rsa", 2_048);
        ec = Issuer.ec("ec", Curve.P_256);
        edwards = Issuer.Edwards.make("ed");
    }

    @BeforeEach
    void publish() throws IOException {
        keys = directory.resolve("keys.json");
        publish(rsa, ec, edwards.published());
    }

    @Test
    void letsInByEachAlgorithm() throws Exception {
        try (TokenGate gate = gate()) {
            for (String token : List.of(
                    Issuer.sign(rsa, JWSAlgorithm.RS256, claims()),
                    Issuer.sign(ec, JWSAlgorithm.ES256, claims()),
                    edwards.sign(claims()))) {
                Grant grant = gate.open(token);
                assertThat(grant).isEqualTo(new Grant("alice", (Issuer.NOW + 60) * 1_000 + 5_000, List.of(), null));
            }
        }
    }

    @Test
    void letsInByASharedSecretWhenThatIsConfigured() throws Exception {
        Path secret = Files.write(directory.resolve("secret"), SECRET);
        try (TokenGate gate = gate("algorithms=HS256,RS256", "secret=file:" + secret)) {
            assertThat(gate.open(Issuer.sign(SECRET, claims())).subject()).isEqualTo("alice");
            assertThat(gate.open(Issuer.sign(rsa, JWSAlgorithm.RS256, claims())).subject())
                    .isEqualTo("alice");
            byte[] other = "another secret of at least 32 bytes, as it must be".getBytes(UTF_8);
            assertDenied(() -> gate.open(Issuer.sign(other, claims())), "signature is wrong");
        }
        Files.writeString(secret, "short");
        assertThatThrownBy(() -> gate("algorithms=HS256,RS256", "secret=file:" + secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 bytes");
    }

    @Test
    void aPublicKeyIsNoSharedSecret() throws Exception {
        byte[] published = rsa.toRSAPublicKey().getEncoded();
        String forged = Issuer.sign(published, claims());
        try (TokenGate gate = gate()) {
            assertDenied(() -> gate.open(forged), "algorithm is not accepted");
        }
        Path secret = Files.write(directory.resolve("secret"), SECRET);
        try (TokenGate gate = gate("algorithms=HS256,RS256", "secret=file:" + secret)) {
            assertDenied(() -> gate.open(forged), "signature is wrong");
        }
    }

    @Test
    void aTokenWithoutSignatureIsNone() throws Exception {
        try (TokenGate gate = gate()) {
            assertDenied(() -> gate.open(Issuer.unsigned(claims())), "not a signed JWT");
            String good = Issuer.sign(rsa, JWSAlgorithm.RS256, claims());
            assertDenied(() -> gate.open(good.substring(0, good.lastIndexOf('.') + 1)), "token");
        }
    }

    @Test
    void aTokenThatWasChangedIsDenied() throws Exception {
        try (TokenGate gate = gate()) {
            String[] one = Issuer.sign(ec, JWSAlgorithm.ES256, claims()).split("\\.");
            String[] other = Issuer.sign(
                            ec,
                            JWSAlgorithm.ES256,
                            Issuer.claims().subject("bob").build())
                    .split("\\.");
            assertDenied(() -> gate.open(one[0] + "." + other[1] + "." + one[2]), "signature is wrong");
            assertDenied(
                    () -> gate.open(Issuer.sign(Issuer.ec("ec", Curve.P_256), JWSAlgorithm.ES256, claims())),
                    "signature is wrong");
            String[] ed = edwards.sign(claims()).split("\\.");
            assertDenied(() -> gate.open(ed[0] + "." + other[1] + "." + ed[2]), "signature is wrong");
        }
    }

    @Test
    void aKeyServesItsOwnKindOnly() throws Exception {
        try (TokenGate gate = gate("algorithms=RS256,ES256,ES384,EdDSA,PS256")) {
            // Names a key of another kind; no key of its own kind and name is published.
            RSAKey named = new RSAKey.Builder(rsa).keyID("ec").build();
            assertDenied(() -> gate.open(Issuer.sign(named, JWSAlgorithm.RS256, claims())), "signature is wrong");
            ECKey larger = Issuer.ec("ec", Curve.P_384);
            assertDenied(() -> gate.open(Issuer.sign(larger, JWSAlgorithm.ES384, claims())), "signature is wrong");
            assertThat(gate.open(Issuer.sign(rsa, JWSAlgorithm.PS256, claims())).subject())
                    .isEqualTo("alice");
            publish(new RSAKey.Builder(rsa).algorithm(JWSAlgorithm.RS256).build());
        }
        try (TokenGate gate = gate("algorithms=RS256,PS256")) {
            assertThat(gate.open(Issuer.sign(rsa, JWSAlgorithm.RS256, claims())).subject())
                    .isEqualTo("alice");
            assertDenied(() -> gate.open(Issuer.sign(rsa, JWSAlgorithm.PS256, claims())), "signature is wrong");
        }
    }

    @Test
    void anAlgorithmThatIsNotConfiguredIsDenied() throws Exception {
        try (TokenGate gate = gate("algorithms=ES256")) {
            assertDenied(() -> gate.open(Issuer.sign(rsa, JWSAlgorithm.RS256, claims())), "algorithm is not accepted");
            assertThat(gate.open(Issuer.sign(ec, JWSAlgorithm.ES256, claims())).subject())
                    .isEqualTo("alice");
        }
    }

    @Test
    void aTokenWithoutTheNameOfItsKeyIsTriedWithAll() throws Exception {
        try (TokenGate gate = gate()) {
            String token = Issuer.sign(rsa, new JWSHeader(JWSAlgorithm.RS256), claims());
            assertThat(gate.open(token).subject()).isEqualTo("alice");
        }
    }

    @Test
    void whatMustBeUnderstoodAndIsNotIsDenied() throws Exception {
        try (TokenGate gate = gate()) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .keyID("rsa")
                    .criticalParams(Set.of("x"))
                    .customParam("x", 1)
                    .build();
            assertDenied(() -> gate.open(Issuer.sign(rsa, header, claims())), "crit");
        }
    }

    @Test
    void claimsMustBeThoseOfThisIssuerForThisAudience() throws Exception {
        try (TokenGate gate = gate()) {
            assertDenied(() -> open(gate, Issuer.claims().issuer("https://other.example")), "iss");
            assertDenied(() -> open(gate, Issuer.claims().issuer(null)), "iss");
            assertDenied(() -> open(gate, Issuer.claims().audience("other")), "aud");
            assertDenied(() -> open(gate, Issuer.claims().audience((String) null)), "aud");
            assertThat(open(gate, Issuer.claims().audience(List.of("other", Issuer.AUDIENCE)))
                            .subject())
                    .isEqualTo("alice");
        }
    }

    @Test
    void timesAreJudgedWithLeeway() throws Exception {
        try (TokenGate gate = gate()) {
            assertDenied(() -> open(gate, Issuer.claims().claim("exp", null)), "exp");
            assertDenied(() -> open(gate, Issuer.claims().claim("exp", Issuer.NOW - 5)), "expired");
            assertThat(open(gate, Issuer.claims().claim("exp", Issuer.NOW - 4)).expiresAtMs())
                    .isEqualTo((Issuer.NOW + 1) * 1_000);
            assertDenied(() -> open(gate, Issuer.claims().claim("nbf", Issuer.NOW + 6)), "nbf");
            assertThat(open(gate, Issuer.claims().claim("nbf", Issuer.NOW + 5)).subject())
                    .isEqualTo("alice");
            String token = Issuer.sign(rsa, JWSAlgorithm.RS256, claims());
            assertThat(gate.open(token).subject()).isEqualTo("alice");
            nowMs += 65_000;
            assertDenied(() -> gate.open(token), "expired");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b", "a.b.c", "..", "a.b.c.d.e", "eyJhbGciOiJSUzI1NiJ9.e30", "\0.\0.\0", "null"})
    void whatIsNoTokenIsDenied(String token) throws Exception {
        try (TokenGate gate = gate()) {
            assertDenied(() -> gate.open(token), "token");
            assertDenied(() -> gate.open(null), "needed");
            assertDenied(() -> gate.open("a".repeat(20_000)), "too long");
        }
    }

    @Test
    void whatMayBeSeenStandsInTheToken() throws Exception {
        try (TokenGate gate = gate()) {
            Object selects = List.of(Map.of("league", "epl"), Map.of("match", List.of("m:1", "m:2")));
            Grant grant = open(gate, Issuer.claims().claim("touchline", Issuer.limits(selects, List.of("h2h"))));
            assertThat(grant.selects())
                    .containsExactly(
                            new Select.League("epl"), new Select.Matches(new TreeSet<>(List.of("m:1", "m:2"))));
            assertThat(grant.markets()).containsExactly("h2h");
            assertThat(open(gate, Issuer.claims().claim("touchline", Map.of())))
                    .extracting(Grant::selects, Grant::markets)
                    .containsExactly(List.of(), null);
        }
    }

    @Test
    void aLimitThatCannotBeReadLetsNobodyIn() throws Exception {
        try (TokenGate gate = gate()) {
            for (Object limits : Arrays.asList(
                    null,
                    "all",
                    List.of(),
                    Map.of("selects", List.of(Map.of("all", true))),
                    Map.of("select", Map.of("all", true)),
                    Map.of("select", List.of()),
                    Map.of("select", List.of(Map.of("phase", "soon"))),
                    Map.of("markets", "h2h"),
                    Map.of("markets", List.of(1)),
                    Map.of("markets", Map.of("h2h", "h2h")))) {
                assertDenied(() -> open(gate, Issuer.claims().claim("touchline", limits)), "touchline");
            }
        }
    }

    @Test
    void aSubjectIsOneWordInTheLog() throws Exception {
        try (TokenGate gate = gate()) {
            assertThat(open(gate, Issuer.claims().subject("a b\nevent=x \"y\"")).subject())
                    .isEqualTo("a_b_event_x__y_");
            assertThat(open(gate, Issuer.claims().subject("a".repeat(100))).subject())
                    .hasSize(64);
        }
    }

    @Test
    void keysThatCannotVerifyAreNotTaken() throws Exception {
        publish(Issuer.rsa("weak", 1_024), ec);
        try (TokenGate gate = gate()) {
            RSAKey named = new RSAKey.Builder(rsa).keyID("weak").build();
            assertDenied(() -> gate.open(Issuer.sign(named, JWSAlgorithm.RS256, claims())), "not known");
            assertThat(gate.open(Issuer.sign(ec, JWSAlgorithm.ES256, claims())).subject())
                    .isEqualTo("alice");
        }
        Files.writeString(keys, "{\"keys\":[]}");
        assertThatThrownBy(this::gate)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no key");
        Files.writeString(keys, "no json");
        assertThatThrownBy(this::gate)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JWKS");
    }

    private Grant open(TokenGate gate, JWTClaimsSet.Builder claims) throws Gate.Denied {
        return gate.open(Issuer.sign(ec, JWSAlgorithm.ES256, claims.build()));
    }

    private static JWTClaimsSet claims() {
        return Issuer.claims().build();
    }

    private void publish(JWK... published) throws IOException {
        Files.writeString(keys, Issuer.jwks(published));
    }

    private TokenGate gate(String... settings) {
        String[] all = Arrays.copyOf(settings, settings.length + 3);
        all[settings.length] = "jwks=" + keys;
        all[settings.length + 1] = "issuer=" + Issuer.ISSUER;
        all[settings.length + 2] = "audience=" + Issuer.AUDIENCE;
        return new TokenGate(TokenConfigTest.config(all), new Time() {
            @Override
            public long wallMs() {
                return nowMs;
            }

            @Override
            public long nanos() {
                return 0;
            }
        });
    }

    private static void assertDenied(ThrowingCallable attempt, String why) {
        assertThatThrownBy(attempt).isInstanceOf(Gate.Denied.class).hasMessageContaining(why);
    }
}
