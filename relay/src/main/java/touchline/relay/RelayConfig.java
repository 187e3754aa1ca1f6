package touchline.relay;

import java.util.List;
import touchline.config.Setting;

/** How a relay serves. Refuses what it could not keep, with what to set instead. */
public record RelayConfig(
        @Setting(value = "127.0.0.1", help = "address to listen on; 0.0.0.0 for all")
        String bind,

        @Setting(value = "8080", help = "port of clients: WebSocket, SSE, HTTP and the page; 0 for a free one")
        int port,

        @Setting(value = "8081", help = "port of /healthz, /readyz and /metrics, on the same address; 0 for a free one")
        int adminPort,

        @Setting(value = "0", help = "event loops; 0 for one a core")
        int threads,

        @Setting(value = "100", help = "the longest pause between two flushes of a loop under load, ms; 0 for none")
        int windowMs,

        @Setting(value = "65536", help = "bytes of messages that share a frame, about")
        int frameBytes,

        @Setting(value = "512", help = "cells a match remembers as removed: beyond them a late reader gets an image")
        int removedMax,

        @Setting(value = "900000", help = "a match that Redis does not list any more is dropped after this, ms")
        long leftoverMs,

        @Setting(value = "10000", help = "a client that reads nothing for this long is disconnected, ms")
        int slowMs,

        @Setting(
                value = "32768",
                help = "bytes that may wait for one client in the process; the kernel's stay small, too")
        int pendingBytes,

        @Setting(value = "262144", help = "bytes of a client's message at most")
        int messageBytes,

        @Setting(value = "64", help = "subscriptions of one connection at most")
        int subscriptions,

        @Setting(value = "2000", help = "match ids and market keys in all subscriptions of one connection at most")
        int names,

        @Setting(value = "100000", help = "connections at most")
        int connections,

        @Setting(value = "1000", help = "connections from one address at most (IPv6: from one /64)")
        int connectionsPerAddress,

        @Setting(
                value = "2000",
                help = "handshakes, and answers to /v1/matches, a second at most, in bursts of as many")
        int handshakesPerSecond,

        @Setting(value = "50", help = "messages a second from one client at most, in bursts of four times as many")
        int messagesPerSecond,

        @Setting(value = "5000", help = "over how long clients are sent away when the relay goes down, ms")
        int drainMs,

        @Setting(value = "", help = "origins of other sites whose pages may connect, as https://example.com; * for any")
        List<String> origins,

        @Setting(
                value = "false",
                help = "let everybody in without a token, also from other machines; on loopback that is so anyway")
        boolean anonymous,

        @Setting(value = "", help = "PEM file of the certificate chain, for TLS")
        String tlsCertificate,

        @Setting(value = "", help = "PEM file of its private key")
        String tlsKey) {

    public RelayConfig {
        origins = List.copyOf(origins);
        port("port", port);
        port("adminPort", adminPort);
        within("threads", threads, 0, Hub.MAX_LOOPS);
        within("windowMs", windowMs, 0, 10_000);
        within("frameBytes", frameBytes, 1_024, 1 << 20);
        within("removedMax", removedMax, 0, 1 << 20);
        within("slowMs", slowMs, 1_000, 600_000);
        within("pendingBytes", pendingBytes, 1_024, 1 << 24);
        within("messageBytes", messageBytes, 1_024, 1 << 24);
        within("subscriptions", subscriptions, 1, 10_000);
        within("names", names, 1, 1_000_000);
        within("connections", connections, 1, 10_000_000);
        within("connectionsPerAddress", connectionsPerAddress, 1, 10_000_000);
        within("handshakesPerSecond", handshakesPerSecond, 1, 1_000_000);
        within("messagesPerSecond", messagesPerSecond, 1, 1_000_000);
        within("drainMs", drainMs, 0, 600_000);
        if (leftoverMs < 1_000) {
            throw new IllegalArgumentException("leftoverMs=" + leftoverMs + ": must be 1000 or more");
        }
        for (String origin : origins) {
            if (!origin.equals("*") && !origin.matches("https?://[^/*\\s]+")) {
                throw new IllegalArgumentException(
                        "origins=" + origin + ": must be as https://example.com, without a path, or *");
            }
        }
        if (tlsCertificate.isEmpty() != tlsKey.isEmpty()) {
            throw new IllegalArgumentException("tlsCertificate and tlsKey: set both, or neither");
        }
    }

    private static void port(String name, int port) {
        within(name, port, 0, 65_535);
    }

    private static void within(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + "=" + value + ": must be within " + min + ".." + max);
        }
    }
}
