package touchline.sql;

import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;
import touchline.update.MarketUpdate;
import touchline.update.Position;
import touchline.update.UpdateJson;

/** A row for each update; a repeat is none (the topic is at least once). */
final class EachUpdate implements Follower {
    private static final long serialVersionUID = 1L;

    private final Shape<Sent> shape;

    EachUpdate(Shape<Sent> shape) {
        this.shape = shape;
    }

    @Override
    public void follow(Entry entry, Held held, RowSink out) {
        MarketUpdate update = UpdateJson.read(entry.value);
        @Nullable Position before = held.position();
        if (before == null || update.position().compareTo(before) > 0) {
            held.position(update.position());
            var row = shape.row(new Sent(update, entry.sentTime));
            out.change(RowKind.INSERT, row);
            out.settled(row);
        }
    }
}
