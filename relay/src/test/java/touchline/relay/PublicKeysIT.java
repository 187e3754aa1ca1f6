package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import touchline.sandbox.Await;

/** Keys that an issuer publishes, and changes. */
class PublicKeysIT {

    private final ECKey old = Issuer.ec("old", Curve.P_256);
    private final ECKey fresh = Issuer.ec("fresh", Curve.P_256);
    private volatile String published = "";
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer issuer;

    @BeforeEach
    void start() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] body = published.getBytes(UTF_8);
            exchange.sendResponseHeaders(body.length == 0 ? 503 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        issuer.start();
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    @Test
    void aKeyThatIsNotKnownIsLookedForSoonAndTheOldOnesHoldWhileTheIssuerIsAway() {
        published = Issuer.jwks(old);
        try (TokenGate gate = gate("refreshMs=86400000")) {
            assertThat(lets(gate, old)).isTrue();
            assertThat(lets(gate, fresh)).as("not published yet").isFalse();
            published = Issuer.jwks(old, fresh);
            Await.until("the new key", Duration.ofSeconds(20), () -> lets(gate, fresh));
            published = "";
            assertThat(lets(gate, old)).isTrue();
            assertThat(lets(gate, fresh)).isTrue();
        }
    }

    @Test
    void keysAreReadAgainNowAndThen() {
        published = Issuer.jwks(old);
        try (TokenGate gate = gate("refreshMs=1000")) {
            assertThat(lets(gate, old)).isTrue();
            published = Issuer.jwks(fresh);
            Await.until("the old key to go", Duration.ofSeconds(20), () -> !lets(gate, old));
            assertThat(lets(gate, fresh)).isTrue();
            published = "";
            int before = asked.get();
            Await.until("it to be asked in vain", Duration.ofSeconds(20), () -> asked.get() > before + 1);
            assertThat(lets(gate, fresh)).isTrue();
        }
    }

    @Test
    void anIssuerThatIsAwayAtTheStartLetsNobodyInUntilItIsThere() {
        try (TokenGate gate = gate("refreshMs=1000")) {
            assertThat(lets(gate, old)).isFalse();
            published = Issuer.jwks(old);
            Await.until("the keys", Duration.ofSeconds(20), () -> lets(gate, old));
        }
    }

    @Test
    void whatIsFarTooLargeIsNotRead() {
        published = Issuer.jwks(old);
        try (TokenGate gate = gate("refreshMs=1000")) {
            assertThat(lets(gate, old)).isTrue();
            published = Issuer.jwks(fresh) + " ".repeat(2 << 20);
            int before = asked.get();
            Await.until("it to be asked in vain", Duration.ofSeconds(20), () -> asked.get() > before + 1);
            assertThat(lets(gate, old)).isTrue();
        }
    }

    private TokenGate gate(String refresh) {
        TokenConfig config = TokenConfigTest.config(
                "jwks=http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys",
                "issuer=" + Issuer.ISSUER,
                "audience=" + Issuer.AUDIENCE,
                refresh);
        return Gate.jwt(config);
    }

    private static boolean lets(TokenGate gate, JWK key) {
        String token = Issuer.sign(
                key,
                JWSAlgorithm.ES256,
                Issuer.claims()
                        .claim("exp", System.currentTimeMillis() / 1_000 + 600)
                        .build());
        try {
            gate.open(token);
            return true;
        } catch (Gate.Denied e) {
            return false;
        }
    }
}
