package touchline.oddsapi;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.oddsapi.OddsApi.Answer;
import touchline.oddsapi.OddsApi.Credits;

/**
 * What may be asked and when, over all sports of one key: the month's credits and the pauses that the vendor demands.
 * When the credits would not last to their renewal at the wanted pace, every interval is stretched by one factor, so
 * that they do. Time is given; it is shared by all calls, hence synchronized.
 */
final class Account {

    private static final Logger LOG = LoggerFactory.getLogger(Account.class);

    /** A vendor's Retry-After beyond this is not believed. */
    private static final long MAX_RETRY_AFTER_MS = 3_600_000;

    private static final long UNKNOWN = -1;

    /** How the account stands, for the board. */
    enum Standing {
        OPEN,
        BUSY,
        OUT_OF_CREDITS,
        BAD_KEY
    }

    private record Demand(long cost, long intervalMs) {}

    private final OddsApiConfig config;
    private final Backoff backoff;
    private final Map<String, Demand> demands = new HashMap<>();
    private Standing standing = Standing.OPEN;
    private long closedUntil;
    private String closedBecause = "";
    private int busy;
    private int keyRefusals;
    private long remaining = UNKNOWN;
    private long renewed = UNKNOWN;
    private long resetAt;
    private double stretch = 1;
    private double saidStretch = 1;

    Account(OddsApiConfig config, RandomGenerator random, long nowMs) {
        this.config = config;
        this.backoff = new Backoff(config.retryBaseMs(), config.retryMaxMs(), random);
        this.resetAt = nextReset(nowMs, config.creditsResetDay());
        if (config.monthlyCredits() > 0) {
            remaining = config.monthlyCredits();
            renewed = config.monthlyCredits();
        }
    }

    /** The next beginning, in UTC, of the day of the month on which credits are renewed. */
    static long nextReset(long nowMs, int day) {
        LocalDate today = LocalDate.ofInstant(Instant.ofEpochMilli(nowMs), ZoneOffset.UTC);
        YearMonth month = YearMonth.from(today).plusMonths(today.getDayOfMonth() < day ? 0 : 1);
        return month.atDay(day).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }

    /** For how long a paid call must wait; 0 when it may be made. */
    synchronized long waitMs(long nowMs) {
        renew(nowMs);
        if (standing == Standing.OPEN && isBroke()) {
            close(Standing.OUT_OF_CREDITS, nowMs + config.probeMs(), "");
        }
        if (standing == Standing.BUSY && nowMs >= closedUntil) {
            standing = Standing.OPEN;
        }
        return standing == Standing.OPEN ? 0 : Math.max(1, closedUntil - nowMs);
    }

    /** Whether the caller is the one to make the free balance probe now, which may open a closed account. */
    synchronized boolean claimProbe(long nowMs) {
        boolean due = (standing == Standing.BAD_KEY || standing == Standing.OUT_OF_CREDITS) && nowMs >= closedUntil;
        if (due) {
            closedUntil = nowMs + (standing == Standing.BAD_KEY ? badKeyPauseMs() : config.probeMs());
        }
        return due;
    }

    /**
     * Takes note of how a call ended.
     *
     * @param cost what it should have cost, for an answer that does not say
     */
    synchronized void answered(Answer answer, long cost, long nowMs) {
        renew(nowMs);
        count(answer.credits(), answer.outcome() == OddsApi.Outcome.OK ? cost : 0);
        switch (answer.outcome()) {
            case OK, TOO_LARGE -> {
                busy = 0;
                if (cost > 0) {
                    // A free probe that is answered does not show that the key is good for the others.
                    keyRefusals = 0;
                }
                if (answer.credits() == null && standing == Standing.OUT_OF_CREDITS && config.monthlyCredits() == 0) {
                    // Nobody says what is left: only a paid call can tell, and one that is refused costs nothing.
                    remaining = UNKNOWN;
                }
                if (standing != Standing.OPEN && !isBroke()) {
                    LOG.info("event=oddsapi.account standing=open was={} creditsRemaining={}", standing, remaining);
                    standing = Standing.OPEN;
                }
            }
            case BUSY -> {
                // Calls that were out together say it together: that is one refusal, not a dozen in a row.
                boolean resting = standing == Standing.BUSY && nowMs < closedUntil;
                long asked = Math.min(answer.retryAfterMs(), MAX_RETRY_AFTER_MS);
                long pause = resting ? asked : Math.max(backoff.pauseMs(busy++), asked);
                close(Standing.BUSY, resting ? Math.max(closedUntil, nowMs + pause) : nowMs + pause, answer.detail());
            }
            case BAD_KEY -> {
                // Calls that were out together say it together.
                if (standing != Standing.BAD_KEY) {
                    close(Standing.BAD_KEY, nowMs + badKeyPauseMs(), answer.detail());
                }
            }
            case OUT_OF_CREDITS -> {
                remaining = 0;
                close(Standing.OUT_OF_CREDITS, nowMs + config.probeMs(), answer.detail());
            }
            case BAD_REQUEST, FAILED -> {}
        }
    }

    /** The interval at which this endpoint may be asked so that the credits last, given what all others want. */
    synchronized long intervalMs(String split, long cost, long wantedMs, long nowMs) {
        demands.put(split, new Demand(cost, wantedMs));
        renew(nowMs);
        stretch = 1;
        if (remaining > 0) {
            double perMs = 0;
            for (Demand demand : demands.values()) {
                perMs += (double) demand.cost() / demand.intervalMs();
            }
            stretch = Math.max(1, perMs * (resetAt - nowMs) / remaining);
        }
        if (stretch > saidStretch * 1.2 || stretch < saidStretch / 1.2) {
            saidStretch = stretch;
            LOG.info(
                    "event=oddsapi.plan stretch={} creditsRemaining={} resetAt={}",
                    Math.round(stretch * 100) / 100.0,
                    remaining,
                    Instant.ofEpochMilli(resetAt));
        }
        return (long) Math.ceil(wantedMs * stretch);
    }

    synchronized Standing standing() {
        return standing;
    }

    /** How it stands and, where it is closed, the vendor's words. */
    synchronized String told() {
        return (standing + " " + (standing == Standing.OPEN ? "" : closedBecause)).strip();
    }

    /** Credits left, by the vendor's word or our own count; -1 when nothing is known. */
    synchronized long remaining() {
        return remaining;
    }

    /** By what all intervals are stretched at present; 1 when the credits last. */
    synchronized double stretch() {
        return stretch;
    }

    /** One refusal may be the vendor's hiccup: the first free probes come soon. */
    private long badKeyPauseMs() {
        return Math.min(config.refusedRetryMs(), config.retryBaseMs() << Math.min(keyRefusals++, 20));
    }

    private void renew(long nowMs) {
        if (nowMs < resetAt) {
            return;
        }
        resetAt = nextReset(nowMs, config.creditsResetDay());
        remaining = renewed;
        if (standing == Standing.OUT_OF_CREDITS) {
            standing = Standing.OPEN;
        }
    }

    private boolean isBroke() {
        return remaining != UNKNOWN && remaining < config.oddsCost();
    }

    private void count(@Nullable Credits credits, long cost) {
        long cap = config.monthlyCredits();
        if (credits != null) {
            remaining = credits.remaining();
            renewed = credits.remaining() + credits.used();
            if (cap > 0) {
                remaining = Math.min(remaining, Math.max(0, cap - credits.used()));
                renewed = Math.min(renewed, cap);
            }
        } else if (remaining != UNKNOWN) {
            remaining = Math.max(0, remaining - cost);
        }
    }

    private void close(Standing why, long until, String detail) {
        if (standing != why) {
            if (why == Standing.BAD_KEY) {
                LOG.error(
                        "event=oddsapi.account standing=bad_key detail=\"{}\" remedy=\"check oddsapi.apiKey\"", detail);
            } else {
                LOG.warn(
                        "event=oddsapi.account standing={} detail=\"{}\" resetAt={}",
                        why,
                        detail,
                        Instant.ofEpochMilli(resetAt));
            }
        }
        standing = why;
        closedUntil = until;
        closedBecause = detail;
    }
}
