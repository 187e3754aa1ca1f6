package touchline.book;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.feed.Clock;
import touchline.feed.Fixture;
import touchline.feed.ManualDocument;
import touchline.feed.Period;
import touchline.feed.Phase;
import touchline.feed.Score;

/**
 * What operators say of the match as a whole; what they say of a market is kept with the market.
 *
 * @param markets keys of the markets they price
 * @param suspend keys of the markets a trader suspended, {@code *} for all
 */
record Operator(
        @Nullable Fixture fixture,
        @Nullable Phase phase,
        @Nullable Period period,
        @Nullable Score score,
        @Nullable Clock clock,
        SortedSet<String> markets,
        SortedSet<String> suspend) {

    static final Operator SILENT = new Operator(null, null, null, null, null, new TreeSet<>(), new TreeSet<>());

    static Operator of(ManualDocument document) {
        SortedSet<String> markets = new TreeSet<>();
        for (ManualDocument.Market market : document.markets()) {
            markets.add(market.market());
        }
        return new Operator(
                document.fixture(),
                document.phase(),
                document.period(),
                document.score(),
                document.clock(),
                markets,
                new TreeSet<>(document.suspend()));
    }

    /** The match is the operators' own: nobody else need speak of it. */
    boolean ownsMatch() {
        return fixture != null && fixture.home() != null && fixture.away() != null;
    }

    /** He says that the match is over. */
    boolean saysOver() {
        return phase == Phase.ENDED || (phase == null && score != null && score.completed());
    }

    void write(StateWriter out) {
        out.flag(fixture != null);
        if (fixture != null) {
            MatchBook.write(out, fixture);
        }
        out.constant(phase).constant(period);
        out.flag(score != null);
        if (score != null) {
            MatchBook.write(out, score);
        }
        out.flag(clock != null);
        if (clock != null) {
            out.number(clock.at()).number(clock.seconds()).flag(clock.running());
        }
        texts(out, markets);
        texts(out, suspend);
    }

    static Operator read(StateReader in) {
        Fixture fixture = in.flag() ? MatchBook.readFixture(in) : null;
        Phase phase = in.constant(Phase.class);
        Period period = in.constant(Period.class);
        Score score = in.flag() ? MatchBook.readScore(in) : null;
        Clock clock = in.flag() ? new Clock(in.number(), in.count(), in.flag()) : null;
        return new Operator(fixture, phase, period, score, clock, texts(in), texts(in));
    }

    private static void texts(StateWriter out, SortedSet<String> texts) {
        out.number(texts.size());
        for (String text : texts) {
            out.text(text);
        }
    }

    private static SortedSet<String> texts(StateReader in) {
        List<String> texts = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            texts.add(in.text());
        }
        return new TreeSet<>(texts);
    }
}
