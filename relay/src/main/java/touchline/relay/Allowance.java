package touchline.relay;

/** So many a second, in bursts of some more. Not safe for several threads. */
final class Allowance {

    private final double perNano;
    private final double burst;
    private double left;
    private long at;

    Allowance(int perSecond, int burst, long nowNanos) {
        this.perNano = perSecond / 1e9;
        this.burst = burst;
        this.left = burst;
        this.at = nowNanos;
    }

    boolean take(long nowNanos) {
        left = Math.min(burst, left + (nowNanos - at) * perNano);
        at = nowNanos;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
