package touchline.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/**
 * What a view tells all its clients in one go, cut into frames that are shared by all who get the same. More may be added
 * while it is under way: who has been served already gets only that. Its loop's thread alone.
 */
final class Round implements AutoCloseable {

    /** A match that moves on: from where, by what. */
    record Step(String match, @Nullable Position from, Message message) {}

    private final Loop loop;
    private final List<Step> steps;
    /** By the first step in them. */
    private final Map<Integer, List<Frame>> frames = new HashMap<>(2);

    private int framesFrom = -1;
    private List<Frame> last = List.of();

    Round(Loop loop, List<Step> steps) {
        this.loop = loop;
        this.steps = new ArrayList<>(steps);
    }

    int length() {
        return steps.size();
    }

    void add(List<Step> more) {
        close();
        steps.addAll(more);
    }

    /**
     * All steps to a client, or he is owed them.
     *
     * @param from how many he has had
     */
    void serve(Client client, int from) {
        int owed = from;
        for (Frame frame : frames(from)) {
            if (!client.isInStep() || !client.isWritable()) {
                break;
            }
            client.write(frame);
            owed += frame.count();
        }
        for (Step step : steps.subList(owed, steps.size())) {
            client.owe(step.match, step.from);
        }
    }

    private List<Frame> frames(int from) {
        if (from != framesFrom) {
            framesFrom = from;
            last = frames.computeIfAbsent(from, this::cut);
        }
        return last;
    }

    private List<Frame> cut(int from) {
        List<Frame> cut = new ArrayList<>(1);
        int first = from;
        while (first < steps.size()) {
            List<Message> messages = new ArrayList<>();
            int bytes = 0;
            while (first < steps.size() && bytes < loop.frameBytes()) {
                Message message = steps.get(first++).message;
                messages.add(message);
                bytes += message.json().length;
            }
            cut.add(new Frame(loop.allocator(), messages));
        }
        return cut;
    }

    @Override
    public void close() {
        frames.values().forEach(same -> same.forEach(Frame::close));
        frames.clear();
        framesFrom = -1;
    }
}
