package touchline.relay;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;

/** All loops: what changes on the board goes to each of them. */
final class Hub implements Board.Audience {

    /** A match has a bit for each. */
    static final int MAX_LOOPS = 64;

    private final List<Loop> loops = new ArrayList<>();
    private final Time time;

    Hub(Time time) {
        this.time = time;
    }

    void start(Iterable<EventExecutor> group, Board board, RelayConfig config, Counters counters) {
        for (EventExecutor executor : group) {
            Loop loop = new Loop(loops.size(), (EventLoop) executor, this, board, config, counters);
            loops.add(loop);
        }
        loops.forEach(Loop::start);
    }

    /** The loop of a channel's event loop. */
    Loop of(EventLoop executor) {
        for (Loop loop : loops) {
            if (loop.executor() == executor) {
                return loop;
            }
        }
        throw new IllegalStateException("not an event loop of this relay: " + executor);
    }

    List<Loop> loops() {
        return loops;
    }

    Time time() {
        return time;
    }

    @Override
    public void changed(Match match) {
        for (Loop loop : loops) {
            loop.changed(match);
        }
    }

    @Override
    public void flush() {
        for (Loop loop : loops) {
            loop.wake();
        }
    }
}
