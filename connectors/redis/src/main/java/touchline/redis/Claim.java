package touchline.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.redis.RedisAnswerException.Answer;
import touchline.update.Shards;

/**
 * Claims shards in Redis for one writer, before its first call: checks that what the shard holds was written by the
 * same lineage or an older one, and fences off whoever wrote before.
 */
final class Claim {

    private static final Logger LOG = LoggerFactory.getLogger(Claim.class);

    private static final String RIGHTS =
            " (the user needs the keys tl:* and the commands EVAL EVALSHA GET SET HGET HMGET"
                    + " HSET HDEL DEL PEXPIRE XADD XTRIM ZADD ZRANGEBYSCORE ZREMRANGEBYSCORE TIME)";

    private final RedisConfig config;
    private final Shards shards;
    private final Lineage lineage;

    Claim(RedisConfig config, Shards shards, Lineage lineage) {
        this.config = config;
        this.shards = shards;
        this.lineage = lineage;
    }

    /** Connects, trying again while Redis cannot be reached. */
    RedisLink connect() throws IOException, InterruptedException {
        return new Attempts(config).of(RIGHTS, () -> RedisLink.open(config));
    }

    /** Claims these shards, trying again while Redis cannot be reached. */
    List<ShardLine> of(List<Integer> own, RedisLink link) throws IOException, InterruptedException {
        return new Attempts(config).of(RIGHTS, () -> {
            String count = Integer.toString(shards.count());
            String settled = Attempts.join(link.settle(Shards.COUNT_KEY, count));
            if (!settled.equals(count)) {
                throw RedisWriter.thrown(Answer.SHARDS, remedy(Answer.SHARDS, settled));
            }
            List<CompletionStage<Reply>> replies = new ArrayList<>();
            for (int shard : own) {
                replies.add(link.call(Script.OPEN, keys(shard), args(count)));
            }
            List<ShardLine> lines = new ArrayList<>();
            for (int i = 0; i < own.size(); i++) {
                Reply reply = Attempts.join(replies.get(i));
                if (!reply.first().equals("OPEN")) {
                    Answer answer = Answer.valueOf(reply.first());
                    throw RedisWriter.thrown(answer, "shard " + own.get(i) + ": " + remedy(answer, reply.at(1)));
                }
                lines.add(new ShardLine(own.get(i), reply.at(1), reply.at(2)));
            }
            LOG.info("event=redis_claimed shards={} generation={}", own, lineage.generation());
            return lines;
        });
    }

    private byte[][] keys(int shard) {
        return new byte[][] {
            shards.metaKey(shard).getBytes(UTF_8),
            (shards.prefix(shard) + "probe").getBytes(UTF_8),
            shards.streamKey(shard).getBytes(UTF_8),
            shards.indexKey(shard).getBytes(UTF_8),
            shards.beatKey(shard).getBytes(UTF_8)
        };
    }

    private byte[][] args(String count) {
        return new byte[][] {
            count.getBytes(UTF_8),
            Long.toString(lineage.generation()).getBytes(UTF_8),
            lineage.rules().getBytes(UTF_8),
            lineage.topic().getBytes(UTF_8),
            UUID.randomUUID().toString().getBytes(UTF_8)
        };
    }

    private String remedy(Answer answer, String held) {
        return switch (answer) {
            case SHARDS ->
                "Redis holds " + held + " shards and redis.shards=" + shards.count() + "; set it to " + held
                        + ", or start with an empty Redis";
            case OLD_GENERATION ->
                "Redis was written by generation " + held + ", this job has " + lineage.generation()
                        + "; set market.generation to " + held + " when it continues that one from its savepoint, else"
                        + " above it";
            case OTHER_RULES ->
                "Redis was written under rules " + held + " of generation " + lineage.generation()
                        + ", this job has rules " + lineage.rules() + "; raise market.generation";
            case OTHER_TOPIC ->
                "Redis was written from feed topic " + held + " under generation "
                        + lineage.generation() + ", this job reads " + lineage.topic()
                        + " (the topic was created anew); raise market.generation";
            default -> throw new IllegalStateException("an unknown answer: " + answer + " " + held);
        };
    }
}
