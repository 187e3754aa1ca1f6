package touchline.simulator;

/** What goes wrong, and when: every seed has its own mixture. */
final class Faults {

    private static final int KINDS = 18;

    private final Chain chain;
    private final int[] weights = new int[KINDS];
    private int sum;
    private final int pauseMs;
    private boolean over;

    Faults(Chain chain) {
        this.chain = chain;
        for (int kind = 0; kind < KINDS; kind++) {
            // Some seeds know only a few kinds, so that no fault hides another.
            weights[kind] = chain.oneIn(2) ? 0 : chain.upTo(4);
            sum += weights[kind];
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
            int dice = chain.random.nextInt(sum);
            int kind = 0;
            while (dice >= weights[kind]) {
                dice -= weights[kind++];
            }
            happen(kind);
        }
        chain.time.in(chain.upTo(pauseMs), this::next);
    }

    private void happen(int kind) {
        switch (kind) {
            case 0 -> chain.jobs.crash(false, chain.chance(25));
            case 1 -> chain.jobs.crash(true, chain.chance(25));
            case 2 -> chain.jobs.rescale();
            case 3 -> say("redis fails over", () -> chain.redis.failover());
            case 4 -> say("redis is wiped", () -> rarely(3, () -> chain.redis.wipe()));
            case 5 -> say("redis is down", () -> chain.redis.down(chain.upTo(1_500)));
            case 6 -> network();
            case 7 -> stallJob();
            case 8 -> clock();
            case 9 -> chain.log.away(partition(), chain.upTo(1_800));
            case 10 -> chain.ingest.crash();
            case 11 -> say("the provider is silent", () -> chain.ingest.silence(chain.upTo(8_000)));
            case 12 -> relay().stall(chain.upTo(4_000));
            case 13 -> say("a relay restarts", () -> relay().restart(chain.oneIn(4)));
            case 14 -> client().stopReading(chain.upTo(5_000));
            case 15 -> client().hop();
            case 16 -> client().wantOther();
            case 17 -> rarely(3, this::beginAnew);
            default -> throw new IllegalStateException("no such fault: " + kind);
        }
    }

    private void say(String what, Runnable fault) {
        if (chain.trace.on) {
            chain.trace.say("", what);
        }
        fault.run();
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
