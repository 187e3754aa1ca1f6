package touchline.bench.relay;

import touchline.update.Position;

/**
 * One message of a relay, its names replaced by numbers ({@link Frames}), so that thousands of clients can take it at
 * little cost.
 */
final class Message {

    /** What it asks of a client. */
    enum Op {
        IMAGE,
        PATCH,
        READY,
        GONE,
        ALIVE,
        ERROR,
        /** To be answered, so that the server knows that somebody is there. */
        PING
    }

    static final Position NOWHERE = new Position(0, 0, 0);
    private static final int[] NONE = {};
    private static final long[] NO_SUMS = {};

    Op op;
    /** The match's number; -1 when the message has none. */
    int match = -1;
    /** What a patch builds on. */
    Position from = NOWHERE;

    Position pos = NOWHERE;
    /** How many updates are merged in it. */
    int n = 1;
    /** Numbers of the cells set or deleted, and of each the checksum of it alone; 0 when it is deleted. */
    int[] cells = NONE;

    long[] sums = NO_SUMS;
    /** Numbers of the groups whose checksums are told, and these; 0 for a group that is no more. */
    int[] groups = NONE;

    long[] told = NO_SUMS;
    /** Intended time of the newest price in it, us; -1 without one. */
    long stamp = -1;
    /** Intended time of the suspension in it, us; -1 without one. */
    long suspension = -1;
    /** An error's code. */
    int code;
    /** An alive that says the pipeline is late. */
    boolean late;

    Message(Op op) {
        this.op = op;
    }
}
