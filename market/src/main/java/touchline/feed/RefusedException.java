package touchline.feed;

/** Bad data met while reading; caught where the data entered and turned into a {@link Refused}. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal reason;

    public RefusedException(Refusal reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    public Refusal reason() {
        return reason;
    }

    /** Names the field, the value and what to do. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
