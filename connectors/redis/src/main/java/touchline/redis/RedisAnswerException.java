package touchline.redis;

import java.io.IOException;

/**
 * Redis answered that this writer must not go on. After {@code GAP}, {@code LOST} and {@code FENCED} a restart of the
 * job heals it: every book sends its image again. The others would come again after every restart; the sink wraps those
 * so that Flink stops the job, and the message names the remedy.
 */
public final class RedisAnswerException extends IOException {

    /** What the answer was. */
    public enum Answer {
        /** Redis holds less of a match than the update builds upon. */
        GAP(false),
        /** The end of the shard's stream is not the one this writer left. */
        LOST(false),
        /** A younger writer has claimed the shard. */
        FENCED(false),
        /** Redis holds an update of a later generation. */
        OLD_EPOCH(true),
        /** Redis holds another state at the same position. */
        DIVERGED(true),
        /** The shard was written by a later generation. */
        OLD_GENERATION(true),
        /** The shard was written under other rules of the same generation. */
        OTHER_RULES(true),
        /** The shard was written from another feed log under the same generation. */
        OTHER_TOPIC(true),
        /** The matches are spread over another number of shards. */
        SHARDS(true);

        private final boolean stops;

        Answer(boolean stops) {
            this.stops = stops;
        }

        /** Would it come again after every restart? */
        public boolean stops() {
            return stops;
        }
    }

    private final Answer answer;

    RedisAnswerException(Answer answer, String message) {
        super(answer + ": " + message);
        this.answer = answer;
    }

    public Answer answer() {
        return answer;
    }
}
