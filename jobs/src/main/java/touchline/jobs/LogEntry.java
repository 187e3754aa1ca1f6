package touchline.jobs;

import org.jspecify.annotations.Nullable;

/** A record of the feed log as the broker keeps it, nothing of it read yet. Shared, never changed. */
final class LogEntry {

    final int partition;
    /** The broker's, which may step back. */
    final long timestamp;

    final byte @Nullable [] key;
    final byte @Nullable [] value;

    LogEntry(int partition, long timestamp, byte @Nullable [] key, byte @Nullable [] value) {
        this.partition = partition;
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
    }
}
