package touchline.redislink;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Mono;
import touchline.config.Secret;

/**
 * Where Redis is, as whom one goes there, and for how long one waits for an answer. It checks itself, holds no secret,
 * only where one is found, and reaches nothing.
 *
 * @param uri {@code redis://host:port[/db]}, {@code redis-sentinel://host:port,host:port#name} or
 *     {@code redis-cluster://host:port,host:port}; with {@code rediss} for TLS
 * @param username the ACL user; empty for the default one
 * @param tlsCa a PEM file of the authorities to trust; empty for those of the JDK
 * @param tlsVerify {@code full} (authority and host name), {@code ca} (authority), or {@code none}
 * @param timeoutMs a call that is not answered within this time fails
 */
public record RedisAddress(String uri, String username, Secret password, String tlsCa, String tlsVerify, int timeoutMs)
        implements Serializable {

    private static final List<String> SCHEMES = List.of(
            "redis://",
            "rediss://",
            "redis-sentinel://",
            "rediss-sentinel://",
            "redis-cluster://",
            "rediss-cluster://");

    public RedisAddress {
        if (SCHEMES.stream().noneMatch(uri::startsWith)) {
            throw new IllegalArgumentException("uri must begin with one of " + SCHEMES);
        }
        if (uri.contains("@")) {
            throw new IllegalArgumentException("uri must not carry a user or password: set username and password");
        }
        for (String place : places(uri)) {
            // What is no port would be taken for a part of the name, and waited for.
            int colon = place.lastIndexOf(':');
            if (colon > place.lastIndexOf(']') && !place.substring(colon + 1).matches("[0-9]{1,5}")) {
                throw new IllegalArgumentException("uri: " + place + ": the port must be a number, as in host:6379");
            }
        }
        if (!List.of("full", "ca", "none").contains(tlsVerify)) {
            throw new IllegalArgumentException("tlsVerify must be full, ca or none, not " + tlsVerify);
        }
        if (timeoutMs < 1 || timeoutMs > 600_000) {
            throw new IllegalArgumentException("timeoutMs must be within 1..600000, not " + timeoutMs);
        }
    }

    /** Each {@code host:port} that a URI names. */
    private static List<String> places(String uri) {
        String named = uri.substring(uri.indexOf("://") + 3).split("[/?#]", 2)[0];
        return Arrays.stream(named.split(",")).map(String::strip).toList();
    }

    boolean isCluster() {
        return uri.contains("-cluster://");
    }

    /** As the client wants it, the secret read: one node, or the cluster's nodes that are named. */
    List<RedisURI> uris() {
        List<RedisURI> uris = new ArrayList<>();
        if (isCluster()) {
            String scheme = uri.startsWith("rediss") ? "rediss://" : "redis://";
            for (String node : uri.substring(uri.indexOf("://") + 3).split(",")) {
                uris.add(RedisURI.create(scheme + node.strip()));
            }
        } else {
            uris.add(RedisURI.create(uri));
        }
        SslVerifyMode verify = SslVerifyMode.valueOf(tlsVerify.toUpperCase(Locale.ROOT));
        for (RedisURI each : uris) {
            each.setTimeout(Duration.ofMillis(timeoutMs));
            each.setVerifyPeer(verify);
            each.getSentinels().forEach(sentinel -> sentinel.setVerifyPeer(verify));
            if (password.isPresent()) {
                char[] secret = password.read().toCharArray();
                String user = username.isEmpty() ? null : username;
                each.setCredentialsProvider(() -> Mono.just(RedisCredentials.just(user, secret)));
            }
        }
        return uris;
    }
}
