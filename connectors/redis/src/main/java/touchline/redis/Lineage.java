package touchline.redis;

import java.io.Serializable;

/**
 * What makes two runs say the same at the same position: the rules, by generation and hash, and the log they read.
 * Redis remembers it, and refuses a writer that would say something else under the same generation.
 *
 * @param generation raised with every change that can alter the output, and when a lineage is abandoned
 * @param rules hash of the rules
 * @param topic the id that Kafka gave the feed topic when it was created
 */
public record Lineage(long generation, String rules, String topic) implements Serializable {
    public Lineage {
        if (generation < 0 || generation >= 1L << 53) {
            throw new IllegalArgumentException("generation must be within 0..2^53, not " + generation);
        }
    }
}
