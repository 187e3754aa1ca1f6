package touchline.feed;

import java.nio.ByteBuffer;

/**
 * What is held of a match between two polls of one stream, see {@link Changes}; as bytes it can lie in any state. Its
 * view's {@code stamps} are those that moved and have not been said.
 *
 * @param last the last poll, its view merged with what came before
 * @param said the place of the last record that was said; at least that of a poll
 * @param saidAt when it was said, by the clock of the polls
 * @param doubtAt when quotes last went, the match was missing or the score changed
 */
public record HeldView(Polled last, Seq said, long saidAt, long doubtAt) {

    private static final byte VERSION = 2;
    private static final int HEAD = 1 + 4 * Long.BYTES;

    /** @throws IllegalArgumentException when these are no bytes of {@link #write} */
    public static HeldView read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEAD || in.get() != VERSION) {
            throw new IllegalArgumentException(
                    "a held view of format " + (bytes.length == 0 ? "none" : bytes[0]) + ", not " + VERSION);
        }
        Seq said = new Seq(in.getLong(), in.getLong());
        long saidAt = in.getLong();
        long doubtAt = in.getLong();
        byte[] last = new byte[in.remaining()];
        in.get(last);
        return new HeldView(FeedJson.readPolled(last), said, saidAt, doubtAt);
    }

    public byte[] write() {
        byte[] polled = FeedJson.writePolled(last);
        return ByteBuffer.allocate(HEAD + polled.length)
                .put(VERSION)
                .putLong(said.generation())
                .putLong(said.n())
                .putLong(saidAt)
                .putLong(doubtAt)
                .put(polled)
                .array();
    }

    HeldView with(Polled polled, View view) {
        Polled now = new Polled(
                polled.match(), polled.source(), polled.seq(), polled.at(), polled.seen(), polled.nextMs(), view);
        return new HeldView(now, said, saidAt, doubtAt);
    }
}
