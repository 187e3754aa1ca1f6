package touchline.book;

import java.util.ArrayList;
import java.util.List;
import touchline.feed.Refused;
import touchline.update.MarketUpdate;
import touchline.update.Times;

/** What the drafts of one step come to say, one after the other. */
final class Saying {

    private final List<MarketUpdate> updates = new ArrayList<>();
    private List<Quotation> quotations = List.of();

    /** The draft is written back, and what it changed is said. */
    void commit(Draft draft, Times times) {
        MarketUpdate update = draft.commit(times);
        if (update != null) {
            updates.add(update);
        }
        add(draft.quotations());
    }

    void image(MarketUpdate image) {
        updates.add(image);
    }

    boolean isSilent() {
        return updates.isEmpty();
    }

    void addAll(Saying said) {
        updates.addAll(said.updates);
        add(said.quotations);
    }

    void addAll(Step said) {
        updates.addAll(said.updates());
        add(said.quotations());
    }

    private void add(List<Quotation> more) {
        if (quotations.isEmpty()) {
            quotations = more;
        } else if (!more.isEmpty()) {
            quotations = new ArrayList<>(quotations);
            quotations.addAll(more);
        }
    }

    Step step(List<Refused> refused, long wakeAt) {
        return new Step(updates, quotations, refused, wakeAt);
    }
}
