package touchline.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import touchline.book.MarketRules;

/**
 * The whole chain of one run, from sources to clients, and what all its parts share: one source of chance, one time. What
 * the seed decides once, sizes and tempers, stands here, too.
 */
final class Chain {

    static final int SHARDS = 2;

    final Random random;
    final Timeline time = new Timeline();
    final Trace trace;
    final @Nullable Flaw flaw;

    final Truth truth;
    final Promises promises;
    final FeedLogModel log;
    final RedisModel redis;
    final JobManagerModel jobs;
    final World world;
    final IngestModel ingest;
    final List<RelayModel> relays = new ArrayList<>();
    final List<ClientModel> clients = new ArrayList<>();
    final Faults faults;

    Chain(long seed, @Nullable Flaw flaw, boolean traced) {
        // Seeds that lie side by side must not begin alike.
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.flaw = flaw;
        trace = new Trace(traced, time);
        int partitions = 2 + random.nextInt(2);
        promises = new Promises(this);
        jobs = new JobManagerModel(this);
        log = new FeedLogModel(this, partitions);
        truth = new Truth(this);
        redis = new RedisModel(this);
        world = new World(this);
        ingest = new IngestModel(this);
        for (int i = 0; i < 2; i++) {
            relays.add(new RelayModel(this, i));
        }
        int crowd = 3 + random.nextInt(2);
        for (int i = 0; i < crowd; i++) {
            clients.add(new ClientModel(this, i));
        }
        faults = new Faults(this);
    }

    void start() {
        world.start();
        ingest.start();
        jobs.start();
        relays.forEach(RelayModel::start);
        clients.forEach(ClientModel::start);
        faults.start();
    }

    boolean has(Flaw flaw) {
        return this.flaw == flaw;
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** A little chance, in one of so many. */
    boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    /** From 1 to so many. */
    int upTo(int many) {
        return 1 + random.nextInt(many);
    }

    static int shardOf(String match) {
        return Math.floorMod(match.hashCode() * 31 + 7, SHARDS);
    }

    /** Times short enough that a run of seconds sees every rule at work. */
    static MarketRules rules(int generation) {
        return new MarketRules(
                generation,
                2,
                4_000,
                5_000,
                100,
                1_500,
                1_500,
                1_000,
                800,
                15,
                800,
                List.of("tennis"),
                4_000,
                20_000,
                100_000_000,
                85,
                200,
                2_000,
                200,
                200,
                200);
    }
}
