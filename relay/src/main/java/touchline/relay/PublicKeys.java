package touchline.relay;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of who issues tokens, from a file or a URL. They are read on a thread of its own, now and then and soon
 * after somebody came with one that is not known; who asks never waits. While they cannot be read the last ones hold.
 */
final class PublicKeys implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PublicKeys.class);
    private static final int MAX_BYTES = 1 << 20;
    private static final int WEAK_RSA_BITS = 2_048;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** However many come with keys that are not known: they may be invented. */
    private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final TokenConfig config;
    private final ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "relay-keys");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final AtomicLong askedAt = new AtomicLong();
    private volatile List<JWK> keys = List.of();

    private PublicKeys(TokenConfig config) {
        this.config = config;
    }

    /** @throws IllegalArgumentException when a file holds no keys; a URL may be away for now */
    static PublicKeys open(TokenConfig config) {
        PublicKeys keys = new PublicKeys(config);
        try {
            keys.read();
        } catch (IOException | ParseException e) {
            if (!config.isUrl()) {
                keys.close();
                throw new IllegalArgumentException(
                        "token.jwks=" + config.jwks() + ": must be a file of public keys as JWKS: " + e.getMessage(),
                        e);
            }
            log.warn("event=keys_away jwks={} reason=\"{}\"", config.jwks(), e.toString());
        }
        long ms = config.refreshMs();
        keys.reader.scheduleWithFixedDelay(keys::refresh, ms, ms, TimeUnit.MILLISECONDS);
        return keys;
    }

    List<JWK> all() {
        return keys;
    }

    /** Somebody came with a key that is not among them: perhaps it is new. Returns at once. */
    void unknown() {
        long now = System.nanoTime();
        long before = askedAt.get();
        if ((before == 0 || now - before > APART_NANOS) && askedAt.compareAndSet(before, now)) {
            reader.execute(this::refresh);
        }
    }

    private void refresh() {
        try {
            read();
        } catch (IOException | ParseException | RuntimeException e) {
            log.warn("event=keys_away jwks={} held={} reason=\"{}\"", config.jwks(), keys.size(), e.toString());
        }
    }

    private void read() throws IOException, ParseException {
        List<JWK> fresh = new ArrayList<>();
        for (JWK key : JWKSet.parse(config.isUrl() ? fetch() : file()).getKeys()) {
            if (usable(key)) {
                fresh.add(key.toPublicJWK());
            }
        }
        if (fresh.isEmpty()) {
            throw new IOException("there is no key in it that could verify a signature");
        }
        if (!fresh.equals(keys)) {
            log.info("event=keys_read jwks={} keys={}", config.jwks(), fresh.size());
        }
        keys = List.copyOf(fresh);
    }

    private static boolean usable(JWK key) {
        if (KeyUse.ENCRYPTION.equals(key.getKeyUse())) {
            return false;
        }
        try {
            if (key instanceof RSAKey rsa) {
                return rsa.toRSAPublicKey().getModulus().bitLength() >= WEAK_RSA_BITS;
            }
            return key instanceof ECKey || key instanceof OctetKeyPair;
        } catch (JOSEException e) {
            return false;
        }
    }

    private String file() throws IOException {
        Path file = Path.of(config.jwks());
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("it is larger than " + MAX_BYTES + " bytes");
        }
        return Files.readString(file);
    }

    private String fetch() throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(config.jwks()))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw new IOException("it answers " + answer.statusCode());
                }
                byte[] bytes = body.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new IOException("it is larger than " + MAX_BYTES + " bytes");
                }
                return new String(bytes, StandardCharsets.UTF_8);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
