package touchline.takeover;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Locale;
import org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.ZooKeeper;

/**
 * What a process tells the others of itself: where it can be seen to live, and how its session with ZooKeeper can be ended
 * in its stead. A session's password is for just that: whoever has it speaks as that session.
 *
 * @param session as ZooKeeper numbers it
 * @param secret the session's password, in Base64
 */
record Peer(String host, int port, long session, String secret) {

    static Peer of(String host, int port, ZooKeeper client) {
        return new Peer(
                host, port, client.getSessionId(), Base64.getEncoder().encodeToString(client.getSessionPasswd()));
    }

    /** Of the node that it is told in. */
    static String name(long session) {
        return String.format(Locale.ROOT, "%016x", session);
    }

    byte[] toBytes() {
        return String.join(" ", host, Integer.toString(port), name(session), secret)
                .getBytes(UTF_8);
    }

    /** @throws IllegalArgumentException when it is not what {@link #toBytes} writes */
    static Peer of(byte[] bytes) {
        String[] words = new String(bytes, UTF_8).split(" ", -1);
        if (words.length != 4) {
            throw new IllegalArgumentException(
                    words.length + " words where host, port, session and password are expected");
        }
        return new Peer(words[0], Integer.parseInt(words[1]), Long.parseUnsignedLong(words[2], 16), words[3]);
    }

    byte[] password() {
        return Base64.getDecoder().decode(secret);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
