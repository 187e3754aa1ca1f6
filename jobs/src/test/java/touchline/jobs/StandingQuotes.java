package touchline.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import touchline.book.Quotation;

/** A quotes topic in memory, as an earlier generation has left it. */
final class StandingQuotes implements QuoteTopic.Former {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> matches;

    private StandingQuotes(String... matches) {
        this.matches = new ArrayList<>(List.of(matches));
    }

    /** One quote of each match stands; every stamp is told. */
    static QuoteTopic of(String... matches) {
        return new QuoteTopic(MarketJob.QUOTES, 1, new StandingQuotes(matches));
    }

    @Override
    public void withdraw(Predicate<String> match, Consumer<Quotation> withdrawn) {
        matches.stream().filter(match).map(StandingQuotes::withdrawn).forEach(withdrawn);
    }

    static Quotation withdrawn(String match) {
        return Quotation.withdrawn(match, "h2h", "oddsapi/odds", "former", 0);
    }

    /** What an operator has told of quotes. */
    static List<Quotation> told(AbstractStreamOperatorTestHarness<?> harness) {
        Queue<StreamRecord<Quotation>> side = harness.getSideOutput(MarketJob.QUOTES);
        return side == null
                ? List.of()
                : side.stream().map(StreamRecord::getValue).toList();
    }
}
