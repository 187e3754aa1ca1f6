package touchline.simulator;

/** A promise did not hold. */
final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Promise promise;
    private final String match;

    /** @param match the one concerned, empty where it is none */
    Broken(Promise promise, String match, String detail) {
        super(detail, null, false, false);
        this.promise = promise;
        this.match = match;
    }

    Promise promise() {
        return promise;
    }

    String match() {
        return match;
    }
}
