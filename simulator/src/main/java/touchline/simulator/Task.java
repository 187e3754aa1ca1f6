package touchline.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import touchline.simulator.FeedLogModel.Entry;
import touchline.update.MarketUpdate;

/** One subtask: works when there is something to do, for a few elements at a time, at its own pace. */
abstract class Task {

    /** What goes through a channel. */
    sealed interface Element permits Told, Said, Mark, Barrier {}

    /** An entry and its log time. */
    record Told(Entry entry, long logTime) implements Element {}

    record Said(MarketUpdate update) implements Element {}

    record Mark(long logTime) implements Element {}

    record Barrier(long checkpoint) implements Element {}

    /** From one subtask to another, in order. */
    static final class Channel {
        private final Deque<Element> queue = new ArrayDeque<>();
        private long mark = Long.MIN_VALUE;
        /** Of the checkpoint whose barrier has come, and behind which nothing is taken until it has come everywhere. */
        private boolean blocked;
    }

    private static final int AT_ONCE = 6;

    final AttemptModel attempt;
    final Chain chain;
    private final List<Channel> inputs = new ArrayList<>();
    private boolean scheduled;
    private long stalledUntil;

    Task(AttemptModel attempt, int inputs) {
        this.attempt = attempt;
        this.chain = attempt.chain;
        for (int i = 0; i < inputs; i++) {
            this.inputs.add(new Channel());
        }
    }

    final void wake() {
        if (!scheduled && !attempt.isOver()) {
            scheduled = true;
            chain.time.in(chain.random.nextInt(4), this::run);
        }
    }

    final void stall(int ms) {
        stalledUntil = chain.time.now() + ms;
    }

    private void run() {
        scheduled = false;
        if (attempt.isOver()) {
            return;
        }
        long now = chain.time.now();
        if (now < stalledUntil) {
            scheduled = true;
            chain.time.in(stalledUntil - now, this::run);
        } else if (work(AT_ONCE)) {
            wake();
        }
    }

    /** @return whether there is more to do */
    abstract boolean work(int elements);

    final void put(int channel, Element element) {
        inputs.get(channel).queue.add(element);
        wake();
    }

    final boolean hasInput() {
        for (Channel input : inputs) {
            if (!input.blocked && !input.queue.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Takes the next element of some channel; what is between channels happens here. */
    final void takeOne() {
        int from = inputs.size() == 1 ? 0 : chain.random.nextInt(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            Channel input = inputs.get((from + i) % inputs.size());
            if (!input.blocked && !input.queue.isEmpty()) {
                take(input, input.queue.remove());
                return;
            }
        }
    }

    private void take(Channel input, Element element) {
        if (element instanceof Mark mark) {
            long before = mark();
            input.mark = Math.max(input.mark, mark.logTime);
            if (mark() > before) {
                marked(mark());
            }
        } else if (element instanceof Barrier barrier) {
            input.blocked = true;
            if (inputs.stream().allMatch(each -> each.blocked)) {
                barred(barrier);
            }
        } else {
            took(element);
        }
    }

    final void unblock() {
        inputs.forEach(input -> input.blocked = false);
    }

    /** Up to where every input is complete. */
    final long mark() {
        long least = Long.MAX_VALUE;
        for (Channel input : inputs) {
            least = Math.min(least, input.mark);
        }
        return least;
    }

    void took(Element element) {
        throw new IllegalStateException("nobody sends this here: " + element);
    }

    void marked(long logTime) {}

    /** The barrier has come on every channel. */
    void barred(@Nullable Barrier barrier) {}
}
