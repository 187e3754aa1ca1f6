package touchline.bench.relay;

/**
 * Microseconds since an origin that all processes of a measurement know: on Linux {@link System#nanoTime} counts from the
 * machine's start, in every process alike.
 *
 * @param origin in nanoseconds of {@link System#nanoTime}
 */
record Clock(long origin) {

    long micros() {
        return micros(System.nanoTime());
    }

    long micros(long nanos) {
        return (nanos - origin) / 1000;
    }

    long nanos(long micros) {
        return origin + micros * 1000;
    }

    /** A time as a price: milliseconds in shortest decimal, so that it passes every reader as any other price does. */
    static String price(long micros) {
        StringBuilder text = new StringBuilder(20).append(micros / 1000);
        int rest = (int) (micros % 1000);
        if (rest > 0) {
            text.append('.').append((char) ('0' + rest / 100));
            if (rest % 100 > 0) {
                text.append((char) ('0' + rest / 10 % 10));
            }
            if (rest % 10 > 0) {
                text.append((char) ('0' + rest % 10));
            }
        }
        return text.toString();
    }

    /** The time in a price. */
    static long micros(String price) {
        long micros = 0;
        int decimals = -1;
        for (int i = 0; i < price.length(); i++) {
            char c = price.charAt(i);
            if (c == '.') {
                decimals = 0;
            } else if (c >= '0' && c <= '9') {
                micros = micros * 10 + (c - '0');
                decimals += decimals < 0 ? 0 : 1;
            } else {
                throw new IllegalArgumentException("no time in the price " + price);
            }
        }
        for (int i = Math.max(decimals, 0); i < 3; i++) {
            micros *= 10;
        }
        return micros;
    }
}
