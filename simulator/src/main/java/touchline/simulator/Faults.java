package touchline.simulator;

import java.util.EnumMap;
import java.util.Map;

/** What goes wrong, and when: every seed has its own mixture. */
final class Faults {

    private static final int OFTEN = 12;

    private final Chain chain;
    private final Map<Fault, Integer> weights = new EnumMap<>(Fault.class);
    private int sum;
    private final int pauseMs;
    private boolean over;

    Faults(Chain chain) {
        this.chain = chain;
        for (Fault fault : Fault.values()) {
            // Some seeds know only a few kinds, so that no fault hides another.
            boolean shows = chain.flaw != null && chain.flaw.showsBy(fault);
            int weight = chain.oneIn(2) ? 0 : chain.upTo(4);
            weights.put(fault, shows ? OFTEN : weight);
            sum += shows ? OFTEN : weight;
        }
        pauseMs = 250 + chain.upTo(2_000);
    }

    void start() {
        chain.time.in(1_000 + chain.upTo(1_000), this::next);
    }

    private void next() {
        if (over) {
            return;
        }
        if (sum > 0) {
            happen(any());
        }
        chain.time.in(chain.upTo(pauseMs), this::next);
    }

    private Fault any() {
        int dice = chain.random.nextInt(sum);
        for (Map.Entry<Fault, Integer> fault : weights.entrySet()) {
            dice -= fault.getValue();
            if (dice < 0) {
                return fault.getKey();
            }
        }
        throw new IllegalStateException("the weights " + weights + " do not add up to " + sum);
    }

    private void happen(Fault fault) {
        if (chain.trace.on) {
            chain.trace.say("", "fault: " + fault);
        }
        switch (fault) {
            case JOB_CRASHES -> chain.jobs.crash(false, chain.chance(25));
            case JOB_IS_TAKEN_FOR_DEAD -> chain.jobs.crash(true, chain.chance(25));
            case JOB_IS_RESCALED -> chain.jobs.rescale();
            case REDIS_FAILS_OVER -> chain.redis.failover();
            case REDIS_IS_WIPED -> rarely(3, chain.redis::wipe);
            case REDIS_IS_AWAY -> chain.redis.down(chain.upTo(1_500));
            case REDIS_IS_TRIMMED -> chain.redis.trim(chain.random.nextInt(3));
            case REDIS_IS_HARD_TO_REACH -> network();
            case JOB_STALLS -> stallJob();
            case BROKERS_CLOCK_STEPS -> clock();
            case PARTITION_IS_AWAY -> chain.log.away(partition(), chain.upTo(1_800));
            case INGEST_CRASHES -> chain.ingest.crash();
            case PROVIDER_IS_SILENT -> chain.ingest.silence(chain.upTo(8_000));
            case RELAY_STALLS -> relay().stall(chain.upTo(4_000));
            case RELAY_RESTARTS -> relay().restart(chain.oneIn(4));
            case CLIENT_STOPS_READING -> client().stopReading(chain.upTo(5_000));
            case CLIENT_HOPS -> client().hop();
            case CLIENT_WANTS_OTHER -> client().wantOther();
            case JOB_BEGINS_ANEW -> rarely(3, this::beginAnew);
        }
    }

    private void rarely(int oneIn, Runnable fault) {
        if (chain.oneIn(oneIn)) {
            fault.run();
        }
    }

    private void network() {
        chain.redis.network(chain.upTo(30), chain.upTo(20));
        chain.time.in(chain.upTo(3_000), () -> chain.redis.network(0, 0));
    }

    private void stallJob() {
        AttemptModel attempt = chain.jobs.running();
        if (attempt != null) {
            attempt.stall(chain.upTo(1_500));
        }
    }

    /** Brokers' clocks step back by much and forth by little: a log time from the future would vouch for what is dead. */
    private void clock() {
        long ahead = chain.oneIn(2) ? -chain.upTo(6_000) : chain.upTo(900);
        chain.log.clock(partition(), ahead);
        if (chain.trace.on) {
            chain.trace.say("", "a broker's clock is " + ahead + " ms ahead");
        }
    }

    private void beginAnew() {
        if (chain.oneIn(3)) {
            chain.jobs.again();
        } else {
            chain.jobs.raise(chain.oneIn(2), chain.upTo(1_500));
        }
    }

    private int partition() {
        return chain.random.nextInt(chain.log.partitions());
    }

    private RelayModel relay() {
        return chain.relays.get(chain.random.nextInt(chain.relays.size()));
    }

    private ClientModel client() {
        return chain.clients.get(chain.random.nextInt(chain.clients.size()));
    }

    /** Everything works from now on. */
    void end() {
        over = true;
        chain.redis.heal();
        chain.log.heal();
        chain.ingest.heal();
        chain.relays.forEach(RelayModel::heal);
        chain.clients.forEach(ClientModel::heal);
        chain.world.calm();
        if (chain.trace.on) {
            chain.trace.say("", "calm");
        }
    }
}
