package touchline.oddsapi;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.feed.Polled;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.feed.Seq;
import touchline.feed.View;
import touchline.oddsapi.OddsApi.Answer;
import touchline.oddsapi.OddsApiSplit.Group;

/**
 * One split's life: asks, reads the answer, says what was heard and when to ask again. One poll at a time. A match is in
 * play from its start on; the vendor has no other sign.
 */
final class Poller {

    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

    private final OddsApi api;
    private final OddsApiConfig config;
    private final Account account;
    private final LongSupplier clock;
    private final Backoff backoff;
    private final ListingReader reader;
    private OddsApiSplit split;
    private final Refusals refusals;
    private boolean empty;
    private boolean badRequest;
    private int failures;
    private long intervalMs;
    private long promisedMs;

    Poller(
            OddsApiSplit split,
            OddsApi api,
            OddsApiConfig config,
            Account account,
            LongSupplier clock,
            RandomGenerator random) {
        this.split = split;
        this.api = api;
        this.config = config;
        this.account = account;
        this.clock = clock;
        this.backoff = new Backoff(config.retryBaseMs(), config.retryMaxMs(), random);
        this.reader = new ListingReader(split.group(), config);
        this.refusals = new Refusals(split.refusedAt(), config.refusedAgainMs());
        this.intervalMs = config.upcomingPollMs();
        this.promisedMs = intervalMs;
    }

    /**
     * What a poll gave.
     *
     * @param after the split once all events are out
     * @param nextInMs when to poll again
     * @param failure why nothing was heard; null when something was
     */
    record Batch(
            Outcome outcome,
            List<OddsApiEvent> events,
            OddsApiSplit after,
            long nextInMs,
            @Nullable Failure failure) {}

    /**
     * @param passes may it be otherwise in a while, or does it need a person?
     */
    record Failure(boolean passes, String detail) {}

    /** How a poll went. */
    enum Outcome {
        HEARD,
        FAILED,
        /** Nobody was asked: the account has to rest. */
        RESTED
    }

    /** Asks once, unless the account has to rest. Blocks for as long as the call is out. */
    Batch poll() {
        long cost = split.group() == Group.ODDS ? config.oddsCost() : config.scoresCost();
        long now = clock.getAsLong();
        if (account.waitMs(now) > 0 && account.claimProbe(now)) {
            account.answered(api.sports(), 0, clock.getAsLong());
        }
        long wait = account.waitMs(now);
        if (wait > 0) {
            // Short rests, since another poller's probe may open the account at any time.
            Account.Standing standing = account.standing();
            return new Batch(
                    Outcome.RESTED,
                    List.of(),
                    split,
                    Math.min(wait, config.retryMaxMs()),
                    new Failure(standing == Account.Standing.BUSY, "nobody was asked: " + account.told()));
        }
        long sentAt = Math.max(now, split.lastN() + 1);
        Answer answer = split.group() == Group.ODDS ? api.odds(split.sport()) : api.scores(split.sport());
        long seenAt = clock.getAsLong();
        return switch (answer.outcome()) {
            case OK -> read(answer, cost, sentAt, seenAt);
            case TOO_LARGE -> {
                account.answered(answer, cost, seenAt);
                yield refusedWhole(new RefusedException(Refusal.TOO_LARGE, answer.detail()), answer, sentAt);
            }
            case BAD_KEY, OUT_OF_CREDITS, BUSY -> {
                account.answered(answer, 0, seenAt);
                long pause = Math.min(account.waitMs(seenAt), config.retryMaxMs());
                yield new Batch(
                        Outcome.FAILED,
                        List.of(),
                        split,
                        Math.max(1, pause),
                        new Failure(answer.outcome() == OddsApi.Outcome.BUSY, answer.detail()));
            }
            case BAD_REQUEST -> {
                account.answered(answer, 0, seenAt);
                if (!badRequest) {
                    LOG.error(
                            "event=oddsapi.poll state=refused split={} detail=\"{}\" remedy=\"correct oddsapi.sports,"
                                    + " regions, markets or bookmakers\"",
                            split.splitId(),
                            answer.detail());
                }
                badRequest = true;
                yield new Batch(
                        Outcome.FAILED, List.of(), split, config.refusedRetryMs(), new Failure(false, answer.detail()));
            }
            case FAILED -> {
                account.answered(answer, 0, seenAt);
                yield failed(List.of(), split, answer.detail(), answer.retryAfterMs());
            }
        };
    }

    private Batch read(Answer answer, long cost, long sentAt, long seenAt) {
        Listing listing;
        try {
            listing = reader.read(answer.body(), sentAt, seenAt);
        } catch (RefusedException e) {
            account.answered(answer, cost, seenAt);
            return refusedWhole(e, answer, sentAt);
        }
        empty = listing.ids().isEmpty();
        account.answered(answer, empty ? 0 : cost, seenAt);
        recovered();
        long nextInMs = plan(listing, cost, seenAt);
        Seq seq = new Seq(split.generation(), sentAt);
        List<OddsApiEvent> events = new ArrayList<>();
        for (Listing.Match match : listing.matches()) {
            events.add(heard(match.id(), seq, match.at(), seenAt, match.view()));
        }
        TreeSet<String> known = new TreeSet<>();
        if (split.group() == Group.ODDS) {
            // Only the odds decide who is missing: scores list a match no longer when its result has aged.
            View missing = new View(false, true, null, List.of(), List.of(), List.of(), null, List.of());
            for (String id : split.known()) {
                if (!listing.ids().contains(id)) {
                    events.add(heard(id, seq, sentAt, seenAt, missing));
                }
            }
            known.addAll(listing.ids());
        }
        events.addAll(news(listing.refused(), seenAt));
        split = split.polled(sentAt, known, refusals.saidAt());
        return new Batch(Outcome.HEARD, events, split, nextInMs, null);
    }

    private OddsApiEvent heard(String id, Seq seq, long at, long seenAt, View view) {
        return new OddsApiEvent.Heard(new Polled(id, split.group().stream(), seq, at, seenAt, promisedMs, view));
    }

    /** Sets the interval and what of it is promised, and gives the next pause: shorter when a match starts before that. */
    private long plan(Listing listing, long cost, long nowMs) {
        boolean inPlay = false;
        long nextStart = Long.MAX_VALUE;
        for (Listing.Match match : listing.matches()) {
            if (match.start() > nowMs) {
                nextStart = Math.min(nextStart, match.start());
            } else if (!match.over()) {
                inPlay = true;
            }
        }
        long live = split.group() == Group.ODDS ? config.livePollMs() : config.scoresPollMs();
        long wanted = inPlay ? live : Math.max(live, config.upcomingPollMs());
        intervalMs = account.intervalMs(split.splitId(), empty ? 0 : cost, wanted, nowMs);
        // A promise of hours would keep old prices open for hours: rather let the match fall silent.
        promisedMs = Math.min(intervalMs, wanted * config.maxStretch());
        return Math.max(1, Math.min(intervalMs, nextStart - nowMs));
    }

    private Batch refusedWhole(RefusedException e, Answer answer, long sentAt) {
        String stream = split.group().stream();
        Refused refused = new Refused(e.reason(), "", stream, split.sport() + ": " + e.detail(), answer.body());
        List<OddsApiEvent> events = news(List.of(refused), sentAt);
        split = split.polled(sentAt, split.known(), refusals.saidAt());
        return failed(events, split, e.reason() + " " + e.detail(), 0);
    }

    private Batch failed(List<OddsApiEvent> events, OddsApiSplit after, String detail, long retryAfterMs) {
        long pause = Math.max(backoff.pauseMs(failures), Math.min(retryAfterMs, config.refusedRetryMs()));
        failures++;
        if (!Thread.currentThread().isInterrupted()) {
            say(detail);
        }
        if (failures > config.maxRetries()) {
            pause = Math.max(pause, intervalMs);
        }
        return new Batch(Outcome.FAILED, events, after, Math.max(1, pause), new Failure(true, detail));
    }

    private void say(String detail) {
        if (failures == 1) {
            LOG.warn("event=oddsapi.poll state=failing split={} detail=\"{}\"", split.splitId(), detail);
        }
        if (failures == config.maxRetries() + 1) {
            LOG.error("event=oddsapi.poll state=down split={} detail=\"{}\"", split.splitId(), detail);
        }
    }

    private void recovered() {
        if (failures > 0 || badRequest) {
            LOG.info("event=oddsapi.poll state=up split={} failures={}", split.splitId(), failures);
        }
        failures = 0;
        badRequest = false;
    }

    private List<OddsApiEvent> news(List<Refused> refused, long now) {
        List<OddsApiEvent> events = new ArrayList<>();
        for (Refused one : refusals.news(refused, now)) {
            events.add(new OddsApiEvent.Unusable(one));
        }
        return events;
    }
}
