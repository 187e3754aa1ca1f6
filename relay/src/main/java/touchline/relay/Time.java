package touchline.relay;

/** The two clocks, so that a test can play them. */
interface Time {

    /** ms UTC; compared with beats. */
    long wallMs();

    /** Only ever forward; for pauses. */
    long nanos();

    Time SYSTEM = new Time() {
        @Override
        public long wallMs() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    };
}
