package touchline.relay;

import io.netty.handler.codec.TooLongFrameException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A client's compressed message; each stands by itself, so one inflater a thread serves all. */
final class Inflated {

    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};
    private static final ThreadLocal<Inflater> INFLATER = ThreadLocal.withInitial(() -> new Inflater(true));

    private Inflated() {}

    /** @throws TooLongFrameException when it is longer than allowed once inflated */
    static byte[] bytes(byte[] deflated, int max) throws DataFormatException {
        Inflater inflater = INFLATER.get();
        inflater.reset();
        byte[] whole = Arrays.copyOf(deflated, deflated.length + TAIL.length);
        System.arraycopy(TAIL, 0, whole, deflated.length, TAIL.length);
        inflater.setInput(whole);
        byte[] out = new byte[Math.min(max + 1, Math.max(256, deflated.length * 4))];
        int length = 0;
        while (true) {
            int more = inflater.inflate(out, length, out.length - length);
            length += more;
            if (length > max) {
                throw new TooLongFrameException("a message above " + max + " bytes");
            }
            if (length == out.length) {
                out = Arrays.copyOf(out, Math.min(max + 1, out.length * 2));
            } else if (more == 0) {
                if (inflater.needsDictionary()) {
                    throw new DataFormatException("wants a dictionary");
                }
                return Arrays.copyOf(out, length);
            }
        }
    }
}
