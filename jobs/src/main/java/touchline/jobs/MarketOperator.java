package touchline.jobs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.stream.Stream;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.book.MarketMachine;
import touchline.book.MarketRules;
import touchline.book.Quotation;
import touchline.book.Step;
import touchline.feed.FeedJson;
import touchline.feed.FeedRecord;
import touchline.feed.Refusal;
import touchline.feed.Refused;
import touchline.feed.RefusedException;
import touchline.update.MarketUpdate;

/**
 * The shell around {@link MarketMachine}: gives it the records of each match in log order with the match's book, wakes it
 * when log time passes its deadline although no record came, and says what it says. After a restore every book sends its
 * image: before its first update of the new attempt, and all of them soon, in play first. Every book sends it again now and
 * then, so that who reads what is kept of the updates finds every match whole. No rule lives here.
 *
 * <p>An operator rather than a function, because only an operator can walk all keys of its state.
 */
final class MarketOperator extends AbstractStreamOperator<MarketUpdate>
        implements OneInputStreamOperator<Told, MarketUpdate>, Triggerable<String, VoidNamespace> {
    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = LoggerFactory.getLogger(MarketOperator.class);

    /** Books that send their image between two looks at the input. */
    private static final int IMAGES_AT_ONCE = 64;

    /** Looks in a round of images that are sent again; each is for so many books that the last one is for the last of them. */
    private static final int LOOKS = 1_000;

    private static final String HEADS = "heads";
    private static final String MARKETS = "markets";

    private final MarketRules rules;
    private final long cacheBytes;
    private final long againMs;
    private final QuoteTopic quotes;
    private final OutputTag<Refused> refusedTag;

    private transient MarketMachine machine;
    private transient BookState book;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient ListState<Long> attempts;
    private transient ListState<Long> generations;
    private transient Deque<String> toImage;
    private transient @Nullable ScheduledFuture<?> imaging;
    private transient Deque<String> again;
    private transient @Nullable ScheduledFuture<?> nextLook;
    private transient int looks;
    private transient @Nullable Watermark held;
    private transient Counter faults;
    /** That wrote the books which are restored; 0 when there are none. */
    private transient long formerGeneration;
    /** Counts this state's restores: a head with another number has not sent its image since the last one. */
    private transient long attempt;

    /**
     * @param cacheBytes of books at hand
     * @param againMs every book sends its image again in this time, after it; 0 for never
     */
    @SuppressWarnings("NullAway.Init") // the transient fields are made by initializeState and open
    MarketOperator(MarketRules rules, long cacheBytes, long againMs, QuoteTopic quotes, OutputTag<Refused> refusedTag) {
        this.rules = rules;
        this.cacheBytes = cacheBytes;
        this.againMs = againMs;
        this.quotes = quotes;
        this.refusedTag = refusedTag;
        this.chainingStrategy = ChainingStrategy.ALWAYS;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        attempts = context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("attempt", Types.LONG));
        for (long restored : attempts.get()) {
            attempt = Math.max(attempt, restored);
        }
        attempt++;
        generations =
                context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("generation", Types.LONG));
        for (long restored : generations.get()) {
            // Else every book would be found at fault.
            if (restored > rules.generation()) {
                throw new IllegalStateException("market.generation=" + rules.generation()
                        + ": the books were written by generation " + restored + "; raise market.generation above it");
            }
            formerGeneration = Math.max(formerGeneration, restored);
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        attempts.update(List.of(attempt));
        generations.update(List.of((long) rules.generation()));
    }

    @Override
    public void open() throws Exception {
        super.open();
        Libraries.check();
        machine = new MarketMachine(rules);
        book = new BookState(
                getPartitionedState(
                        new ValueStateDescriptor<>(HEADS, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)),
                getPartitionedState(new MapStateDescriptor<>(
                        MARKETS, Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)),
                new BookCache(cacheBytes));
        timers = getInternalTimerService("wake", VoidNamespaceSerializer.INSTANCE, this);
        faults = getMetricGroup().counter("faults");
        withdrawFormerQuotes();
        again = new ArrayDeque<>();
        looks = 0;
        if (againMs > 0) {
            lookAgain();
        }
        toImage = booksInPlayFirst();
        if (!toImage.isEmpty()) {
            LOGGER.info("event=books_restored books={} attempt={}", toImage.size(), attempt);
            imageSoon();
        }
    }

    /**
     * Books of another generation may not come to hold what the ones before held, and nobody would ever take it back. So all
     * of it is taken back at once, before the first word of this generation, which tells again all that it holds.
     */
    private void withdrawFormerQuotes() {
        if (formerGeneration == rules.generation()) {
            return;
        }
        TaskInfo task = getRuntimeContext().getTaskInfo();
        int groups = task.getMaxNumberOfParallelSubtasks();
        int instances = task.getNumberOfParallelSubtasks();
        int own = task.getIndexOfThisSubtask();
        quotes.former()
                .withdraw(
                        match -> KeyGroupRangeAssignment.assignKeyToParallelOperator(match, groups, instances) == own,
                        this::quote);
    }

    @Override
    public void processElement(StreamRecord<Told> element) {
        Told told = element.getValue();
        book.load(told.match);
        FeedRecord record;
        try {
            record = FeedJson.read(told.record);
            if (!record.match().equals(told.match)) {
                throw new RefusedException(
                        Refusal.BAD_ID, "match=" + record.match() + ": differs from the record's key");
            }
        } catch (RefusedException e) {
            refuse(new Refused(e.reason(), told.match, "", e.detail(), Payload.text(told.record)));
            return;
        }
        imageOnce(told.match);
        try {
            finish(machine.apply(book, record, told.logTime));
        } catch (BookState.Lost e) {
            throw e;
        } catch (RuntimeException e) {
            undo(told.match, told.logTime, e);
            // Wake-ups that were due before the record are not its fault.
            wake(told.match, told.logTime);
            finish(machine.fault(book, record, told.logTime, String.valueOf(e)));
        }
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) {
        String match = timer.getKey();
        book.load(match);
        if (!book.exists()) {
            return;
        }
        if (book.timer() <= timer.getTimestamp()) {
            book.timer(Long.MAX_VALUE);
        }
        imageOnce(match);
        wake(match, timer.getTimestamp());
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("no processing-time timer is ever set");
    }

    private void wake(String match, long logTime) {
        try {
            finish(machine.wake(book, match, logTime));
        } catch (BookState.Lost e) {
            throw e;
        } catch (RuntimeException e) {
            undo(match, logTime, e);
            finish(machine.fault(book, match, logTime));
        }
    }

    /** A broken invariant costs one book, not the job. */
    private void undo(String match, long logTime, RuntimeException cause) {
        faults.inc();
        LOGGER.error("event=book_fault match={} logTime={}", match, logTime, cause);
        book.load(match);
    }

    private void finish(Step step) {
        for (MarketUpdate update : step.updates()) {
            say(update);
        }
        for (Quotation quotation : step.quotations()) {
            if (quotation.isNews(quotes.stampMs())) {
                quote(quotation);
            }
        }
        for (Refused refused : step.refused()) {
            refuse(refused);
        }
        // A timer that became too late is left to fire for nothing: cheaper than to move it with every record.
        if (book.exists() && step.wakeAt() < book.timer()) {
            timers.registerEventTimeTimer(VoidNamespace.INSTANCE, step.wakeAt());
            book.timer(step.wakeAt());
        }
        if (book.exists() && !step.updates().isEmpty()) {
            book.attempt(attempt);
        }
        book.save();
    }

    private void say(MarketUpdate update) {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        output.collect(new StreamRecord<>(update.withTimes(update.times().decidedAt(now))));
    }

    private void quote(Quotation quotation) {
        output.collect(quotes.tag(), new StreamRecord<>(quotation));
    }

    private void refuse(Refused refused) {
        output.collect(refusedTag, new StreamRecord<>(refused));
    }

    /** The first thing a book says after a restore is what it is: Redis may be behind it, or empty. */
    private void imageOnce(String match) {
        if (book.exists() && book.attempt() != attempt) {
            image(match);
        }
    }

    private void image(String match) {
        try {
            imaged(machine.image(book, match));
        } catch (BookState.Lost e) {
            throw e;
        } catch (RuntimeException e) {
            undo(match, Long.MIN_VALUE, e);
            // No log time has passed for the book: it is suspended at the time at which it was settled.
            imaged(machine.fault(book, match, Long.MIN_VALUE));
        }
    }

    /** Saved at once: a step that throws later must not undo what has been said. */
    private void imaged(Step image) {
        book.attempt(attempt);
        finish(image);
    }

    @Override
    public void close() throws Exception {
        for (@Nullable ScheduledFuture<?> timer : new ScheduledFuture<?>[] {imaging, nextLook}) {
            if (timer != null) {
                timer.cancel(false);
            }
        }
        super.close();
    }

    private Deque<String> booksInPlayFirst() {
        Deque<String> books = new ArrayDeque<>();
        for (String key : books()) {
            setCurrentKey(key);
            book.load(key);
            if (MarketMachine.isLive(book)) {
                books.addFirst(key);
            } else {
                books.addLast(key);
            }
        }
        return books;
    }

    private List<String> books() {
        try (Stream<String> all = this.<String>getKeyedStateBackend().getKeys(HEADS, VoidNamespace.INSTANCE)) {
            return new ArrayList<>(all.toList());
        }
    }

    private void lookAgain() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        nextLook = getProcessingTimeService().registerTimer(now + Math.max(1, againMs / LOOKS), time -> sayAgain());
    }

    /** A few books at a time: nobody waits for a round of all of them, and what Redis keeps is not pushed out. */
    private void sayAgain() {
        looks++;
        if (looks % LOOKS == 0) {
            again.addAll(books());
        }
        int left = LOOKS - looks % LOOKS;
        for (int now = (again.size() + left - 1) / left; now > 0; now--) {
            String key = again.remove();
            setCurrentKey(key);
            book.load(key);
            if (book.exists()) {
                image(key);
            }
        }
        lookAgain();
    }

    private void imageSoon() {
        imaging = getProcessingTimeService()
                .registerTimer(getProcessingTimeService().getCurrentProcessingTime(), now -> imageSome());
    }

    private void imageSome() throws Exception {
        for (int left = IMAGES_AT_ONCE; left > 0 && !toImage.isEmpty(); left--) {
            String key = toImage.remove();
            setCurrentKey(key);
            book.load(key);
            imageOnce(key);
        }
        if (!toImage.isEmpty()) {
            imageSoon();
            return;
        }
        LOGGER.info("event=books_imaged attempt={}", attempt);
        Watermark mark = held;
        if (mark != null) {
            held = null;
            pass(mark);
        }
    }

    /**
     * Log time stands still until every book has sent its image: what follows it downstream vouches for all that was
     * said, and what Redis holds is not yet healed.
     */
    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (toImage.isEmpty()) {
            pass(mark);
        } else {
            held = mark;
        }
    }

    private void pass(Watermark mark) throws Exception {
        if (mark.equals(Watermark.MAX_WATERMARK)) {
            // A drained source is no log time: the books would say what no log ever led to.
            output.emitWatermark(mark);
        } else {
            super.processWatermark(mark);
        }
    }
}
