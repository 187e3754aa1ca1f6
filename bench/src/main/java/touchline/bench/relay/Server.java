package touchline.bench.relay;

/** A process before which a crowd stands. */
interface Server {

    int port();

    long pid();

    /** Collects garbage, so that what remains is what is needed. */
    void collect();
}
