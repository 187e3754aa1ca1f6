package touchline.book;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.feed.FeedRecord;
import touchline.feed.Fixture;
import touchline.feed.Incident;
import touchline.feed.Period;
import touchline.feed.Phase;
import touchline.feed.Score;
import touchline.update.Position;

/** The head of a match's state: everything that is not one market's. Mutable while a step is drafted. */
final class MatchBook {

    private static final int FORMAT = 2;

    /** How the match came to its end, if it has. */
    enum End {
        /** Nothing has created the book yet. */
        UNBORN,
        /** It runs. */
        RUNNING,
        /** The source says that it was played to the end. */
        COMPLETED,
        /** An operator ended or deleted it. */
        OPERATOR,
        /** The provider has not listed it for long. */
        UNLISTED,
        /** It goes on under another id. */
        MOVED
    }

    End end = End.UNBORN;
    long generation;
    long created;
    long version;
    /** Log time of the end. */
    long endedAt;
    /** Where a moved match goes on. */
    @Nullable
    String movedTo;

    /** When the book wants to be woken; {@link Long#MAX_VALUE} for never. */
    long wakeAt = Long.MAX_VALUE;

    /** The log time up to which the book has been settled. */
    long settledAt;

    /** What was last published; null before the first update of an epoch. */
    @Nullable
    Phase phase;

    @Nullable
    Period period;

    /** No market may say a suspension epoch at or below this again. */
    long epochFloor;
    /** The latest stamp of any cause so far: a market that appears later must be priced after it. */
    long causedAt;

    final SortedMap<String, Stream> streams = new TreeMap<>();
    /** By provider, with the match that is linked here behind an at sign. */
    final SortedMap<String, Fixture> fixtures = new TreeMap<>();
    /** By source stream, as {@link Stream#of} names it. */
    final SortedMap<String, Score> scores = new TreeMap<>();
    /** By {@code <source> <id>}. */
    final SortedMap<String, Incident> incidents = new TreeMap<>();

    Operator operator = Operator.SILENT;
    /** Operators' prices by market while the match does not run; they hold again when it is listed again. */
    final SortedMap<String, MarketBook.Manual> kept = new TreeMap<>();
    /** What suspends the whole match, by a key of its own. */
    final SortedMap<String, Cause> causes = new TreeMap<>();
    /** Every market, and when it wants to be looked at again. */
    final SortedMap<String, Long> marketWakes = new TreeMap<>();

    Cells match = new Cells();
    Cells incidentCells = new Cells();

    boolean isRunning() {
        return end == End.RUNNING;
    }

    /**
     * Does an operator's word wait here for a match that its provider may list again? It holds until he takes it back, however
     * long that takes. His own matches come with a document of their own.
     */
    boolean isAwaited(String match) {
        boolean own = match.startsWith(FeedRecord.provider(MarketRuling.DOCUMENTS) + ":");
        boolean prices = !operator.equals(Operator.SILENT) || !kept.isEmpty();
        return !own && (!operator.suspend().isEmpty() || (prices && !operator.saysOver()));
    }

    /** What is left of a match that is forgotten: nothing but the operators' word. */
    MatchBook remains() {
        MatchBook left = new MatchBook();
        left.operator = operator;
        left.kept.putAll(kept);
        String operators = FeedRecord.provider(MarketRuling.DOCUMENTS);
        streams.forEach((source, stream) -> {
            if (FeedRecord.provider(source).equals(operators)) {
                left.streams.put(source, stream);
            }
        });
        left.settledAt = wakeAt;
        return left;
    }

    Position position() {
        return new Position(generation, created, version);
    }

    Stream stream(String source) {
        return streams.computeIfAbsent(source, ignored -> new Stream());
    }

    byte[] toBytes() {
        StateWriter out = new StateWriter();
        out.number(FORMAT).number(wakeAt).constant(end).number(generation).number(created);
        out.number(version).number(endedAt).optionalText(movedTo);
        out.number(settledAt).constant(phase).constant(period);
        out.number(epochFloor).number(causedAt);
        out.number(streams.size());
        for (Map.Entry<String, Stream> stream : streams.entrySet()) {
            out.text(stream.getKey());
            stream.getValue().write(out);
        }
        out.number(fixtures.size());
        for (Map.Entry<String, Fixture> fixture : fixtures.entrySet()) {
            out.text(fixture.getKey());
            write(out, fixture.getValue());
        }
        out.number(scores.size());
        for (Map.Entry<String, Score> score : scores.entrySet()) {
            out.text(score.getKey());
            write(out, score.getValue());
        }
        out.number(incidents.size());
        for (Map.Entry<String, Incident> incident : incidents.entrySet()) {
            Incident value = incident.getValue();
            out.text(incident.getKey()).text(value.id()).constant(value.type());
            out.constant(value.side()).constant(value.state()).number(value.at());
        }
        operator.write(out);
        out.number(kept.size());
        for (Map.Entry<String, MarketBook.Manual> manual : kept.entrySet()) {
            out.text(manual.getKey());
            manual.getValue().write(out);
        }
        write(out, causes);
        out.number(marketWakes.size());
        for (Map.Entry<String, Long> wake : marketWakes.entrySet()) {
            out.text(wake.getKey()).number(wake.getValue());
        }
        match.write(out);
        incidentCells.write(out);
        return out.toBytes();
    }

    static MatchBook of(byte @Nullable [] bytes) {
        MatchBook book = new MatchBook();
        if (bytes == null) {
            return book;
        }
        StateReader in = new StateReader(bytes);
        if (in.number() != FORMAT) {
            throw new IllegalStateException("the head of a book has a format that this version cannot read");
        }
        book.wakeAt = in.number();
        book.end = constant(in, End.class);
        book.generation = in.number();
        book.created = in.number();
        book.version = in.number();
        book.endedAt = in.number();
        book.movedTo = in.optionalText();
        book.settledAt = in.number();
        book.phase = in.constant(Phase.class);
        book.period = in.constant(Period.class);
        book.epochFloor = in.number();
        book.causedAt = in.number();
        for (int i = in.count(); i > 0; i--) {
            book.streams.put(in.text(), Stream.read(in));
        }
        for (int i = in.count(); i > 0; i--) {
            book.fixtures.put(in.text(), readFixture(in));
        }
        for (int i = in.count(); i > 0; i--) {
            book.scores.put(in.text(), readScore(in));
        }
        for (int i = in.count(); i > 0; i--) {
            book.incidents.put(
                    in.text(),
                    new Incident(
                            in.text(),
                            constant(in, Incident.Type.class),
                            in.constant(Incident.Side.class),
                            constant(in, Incident.State.class),
                            in.number()));
        }
        book.operator = Operator.read(in);
        for (int i = in.count(); i > 0; i--) {
            book.kept.put(in.text(), MarketBook.Manual.read(in));
        }
        read(in, book.causes);
        for (int i = in.count(); i > 0; i--) {
            book.marketWakes.put(in.text(), in.number());
        }
        book.match = Cells.read(in);
        book.incidentCells = Cells.read(in);
        return book;
    }

    /** Only the wake-up, without reading the rest. */
    static long wakeAt(byte @Nullable [] bytes) {
        if (bytes == null) {
            return Long.MAX_VALUE;
        }
        StateReader in = new StateReader(bytes);
        in.number();
        return in.number();
    }

    static void write(StateWriter out, Fixture fixture) {
        out.optionalText(fixture.sport()).optionalText(fixture.league());
        out.optionalText(fixture.home()).optionalText(fixture.away()).optionalNumber(fixture.start());
    }

    static Fixture readFixture(StateReader in) {
        return new Fixture(
                in.optionalText(), in.optionalText(), in.optionalText(), in.optionalText(), in.optionalNumber());
    }

    static void write(StateWriter out, Score score) {
        out.flag(score.home() != null && score.away() != null);
        if (score.home() != null && score.away() != null) {
            out.number(score.home()).number(score.away());
        }
        out.flag(score.completed()).number(score.at());
    }

    static Score readScore(StateReader in) {
        boolean numbers = in.flag();
        Integer home = numbers ? in.count() : null;
        Integer away = numbers ? in.count() : null;
        return new Score(home, away, in.flag(), in.number());
    }

    static void write(StateWriter out, SortedMap<String, Cause> causes) {
        out.number(causes.size());
        for (Map.Entry<String, Cause> entry : causes.entrySet()) {
            Cause cause = entry.getValue();
            out.text(entry.getKey()).constant(cause.reason()).number(cause.stamp());
            out.number(cause.until()).flag(cause.byOperator());
        }
    }

    static void read(StateReader in, SortedMap<String, Cause> causes) {
        for (int i = in.count(); i > 0; i--) {
            causes.put(in.text(), new Cause(constant(in, Reason.class), in.number(), in.number(), in.flag()));
        }
    }

    private static <E extends Enum<E>> E constant(StateReader in, Class<E> type) {
        E constant = in.constant(type);
        if (constant == null) {
            throw new IllegalStateException("a book's bytes lack a " + type.getSimpleName());
        }
        return constant;
    }
}
