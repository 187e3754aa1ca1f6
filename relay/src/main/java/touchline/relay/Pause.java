package touchline.relay;

/** A pause that doubles each time it is asked for, between two bounds, until what it waits for has come. */
final class Pause {

    private final long firstMs;
    private final long mostMs;
    private long nextMs;

    Pause(long firstMs, long mostMs) {
        this.firstMs = firstMs;
        this.mostMs = mostMs;
        this.nextMs = firstMs;
    }

    long nextMs() {
        long now = nextMs;
        nextMs = Math.min(mostMs, Math.max(now * 2, 1));
        return now;
    }

    void over() {
        nextMs = firstMs;
    }
}
