package touchline.relay;

import touchline.config.Secret;
import touchline.config.Setting;
import touchline.redislink.RedisAddress;

/** Where the relay reads: keys as the writer's. */
public record RelayRedisConfig(
        @Setting(
                value = "redis://127.0.0.1:6379",
                help = "where Redis is: redis://host:port[/db], redis-sentinel://host:port,host:port#name,"
                        + " redis-cluster://host:port,host:port; with rediss for TLS")
        String uri,

        @Setting(value = "", help = "the ACL user; empty for the default one")
        String username,

        @Setting(value = "", help = "the user's password, as env:NAME or file:PATH; empty for none")
        Secret password,

        @Setting(value = "", help = "a PEM file of the authorities to trust under TLS; empty for those of the JDK")
        String tlsCa,

        @Setting(value = "full", help = "what TLS verifies: full (authority and host name), ca (authority), or none")
        String tlsVerify,

        @Setting(value = "2000", help = "a call that is not answered within this time is given up, ms")
        int timeoutMs) {

    public RelayRedisConfig {
        var unused = new RedisAddress(uri, username, password, tlsCa, tlsVerify, timeoutMs);
    }

    RedisAddress address() {
        return new RedisAddress(uri, username, password, tlsCa, tlsVerify, timeoutMs);
    }
}
