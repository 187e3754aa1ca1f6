package touchline.simulator;

/** What Touchline promises to everybody who reads it. */
public enum Promise {
    P1_ORDER("positions rise, and nobody goes back"),
    P2_STATE("what is held at a position is the fold of the log up to there"),
    P3_ATOMIC("all that one record changes is seen at once"),
    P4_DOUBT("a market whose price may be wrong is suspended for everybody"),
    P5_NOT_LOST("every record is applied once, or refused with a reason"),
    P6_KNOWN_AGE("a reader is current, or knows within 5 s that it is not"),
    P7_SAME_BYTES("the same log says the same, whatever crashed"),
    CONVERGENCE("when faults stop, everybody comes to hold the same");

    private final String words;

    Promise(String words) {
        this.words = words;
    }

    /** The promise in words. */
    public String words() {
        return words;
    }
}
