package touchline.relay;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the relay counts, for its metrics. */
final class Counters {
    /** Updates that changed a match. */
    final LongAdder updates = new LongAdder();
    /** Updates that did not follow on what is held. */
    final LongAdder gaps = new LongAdder();
    /** States that were not what their checksums say. */
    final LongAdder wrongSums = new LongAdder();

    /** Open connections of any kind, and those of them that have a stream. */
    final AtomicInteger connections = new AtomicInteger();

    final AtomicInteger clients = new AtomicInteger();
    final LongAdder handshakes = new LongAdder();
    /** Connections and handshakes that were refused. */
    final LongAdder refused = new LongAdder();
    /** Messages that went to clients, one by one. */
    final LongAdder deliveries = new LongAdder();
    /** Frames that went to clients: each is one flush. */
    final LongAdder frames = new LongAdder();

    final LongAdder bytes = new LongAdder();
    /** Clients that could not be written to and were owed instead. */
    final LongAdder fellBehind = new LongAdder();
    /** Connections closed because nothing was read for too long. */
    final LongAdder slow = new LongAdder();
    /** Resumed from a position by a patch, by an image. */
    final LongAdder resumedByPatch = new LongAdder();

    final LongAdder resumedByImage = new LongAdder();
    /** Passes over the views of a loop, and how long they took. */
    final LongAdder passes = new LongAdder();

    final LongAdder passNanos = new LongAdder();

    /** Entries of streams that were read; images of one match read again; what was not ours. */
    final LongAdder entries = new LongAdder();

    final LongAdder doubted = new LongAdder();
    final LongAdder unreadable = new LongAdder();
}
