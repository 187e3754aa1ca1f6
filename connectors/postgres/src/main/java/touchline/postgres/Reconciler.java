package touchline.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple5;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import touchline.feed.Seq;
import touchline.postgres.Captured.Beat;

/**
 * Hands every row on as it is, and sees to it that none is lost: from time to time the tables are looked at beside the change
 * stream, and a row that the stream ought to have brought and did not is handed on in its place, counted and logged.
 *
 * <p>When it ought to have is known without a guess: changes come in the order of their commits, so whatever a look has seen
 * came before the first heartbeat that was written after the look. Only a clock of the database that steps back may have a row
 * handed on that comes again; by its revision that is a repeat.
 *
 * <p>What was read is part of each checkpoint: after a restore nothing is taken for lost that was read before.
 */
final class Reconciler extends RichFlatMapFunction<Captured, Captured> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final PostgresSettings settings;
    private transient @Nullable Ledger ledger;
    private transient @Nullable TableLooker looker;
    private transient @Nullable ListState<Tuple5<String, String, Long, Long, Long>> state;
    private transient @Nullable AtomicLong missed;

    Reconciler(PostgresSettings settings) {
        this.settings = settings;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        ListState<Tuple5<String, String, Long, Long, Long>> read = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>(
                        "read", Types.TUPLE(Types.STRING, Types.STRING, Types.LONG, Types.LONG, Types.LONG)));
        List<Ledger.Entry> entries = new ArrayList<>();
        for (Tuple5<String, String, Long, Long, Long> row : read.get()) {
            entries.add(new Ledger.Entry(new Ledger.Key(row.f0, row.f1), new Seq(row.f2, row.f3), row.f4));
        }
        Ledger restored = new Ledger();
        restored.take(entries);
        state = read;
        ledger = restored;
    }

    @Override
    public void open(OpenContext context) {
        AtomicLong missed = new AtomicLong();
        this.missed = missed;
        TableLooker started = new TableLooker(settings, ledger()).start();
        looker = started;
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("postgres");
        metrics.gauge("rowsMissed", missed::get);
        metrics.gauge("tableLooks", started::taken);
        metrics.gauge("tableLooksFailed", started::failed);
    }

    @Override
    public void flatMap(Captured captured, Collector<Captured> out) {
        if (captured instanceof Beat beat && beat.streamed() && looker != null) {
            TableLook look = looker.before(beat.at());
            if (look != null) {
                judge(look, out);
            }
        }
        ledger().read(captured);
        out.collect(captured);
    }

    private void judge(TableLook look, Collector<Captured> out) {
        Ledger ledger = ledger();
        for (Captured row : look.behind()) {
            if (ledger.isBehind(row)) {
                LOG.error(
                        "event=row_missed row={} remedy=\"handed on in its place; the change stream has a gap\"",
                        name(row));
                if (missed != null) {
                    missed.incrementAndGet();
                }
                ledger.read(row);
                out.collect(row);
            }
        }
        ledger.forgetBefore(look.at() - TableLook.WINDOW_MS);
    }

    private static String name(Captured row) {
        if (row instanceof Captured.Document document) {
            return document.match() + "@" + document.generation() + "." + document.rev();
        } else if (row instanceof Captured.LinkRow link) {
            return link.providerMatch() + "@" + link.generation() + "." + link.rev();
        }
        return "unusable";
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        if (state == null) {
            throw new IllegalStateException("a snapshot before initializeState");
        }
        List<Tuple5<String, String, Long, Long, Long>> rows = new ArrayList<>();
        for (Ledger.Entry entry : ledger().entries()) {
            rows.add(Tuple5.of(
                    entry.key().source(),
                    entry.key().id(),
                    entry.seq().generation(),
                    entry.seq().n(),
                    entry.at()));
        }
        state.update(rows);
    }

    private Ledger ledger() {
        Ledger ledger = this.ledger;
        if (ledger == null) {
            throw new IllegalStateException("used before initializeState");
        }
        return ledger;
    }

    @Override
    public void close() {
        if (looker != null) {
            looker.close();
            looker = null;
        }
    }
}
