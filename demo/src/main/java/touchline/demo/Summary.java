package touchline.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.audit.AuditReport;
import touchline.audit.Tally;
import touchline.audit.Verdict;

/**
 * What a bounded run came to, and which promises it broke.
 *
 * @param audit null when it could not be done; then that is a broken promise
 * @param faults the first that the reader found, in words
 */
record Summary(
        Figures figures,
        Map<Stage, StageTimes.Percentiles> stages,
        Map<String, Long> verdicts,
        List<String> faults,
        @Nullable AuditReport audit,
        String auditFailure) {

    static Summary of(
            Figures figures,
            Map<Stage, StageTimes.Percentiles> stages,
            Tally tally,
            @Nullable AuditReport audit,
            String auditFailure) {
        return new Summary(
                figures,
                stages,
                Map.of(
                        "gaps", tally.count(Verdict.GAP),
                        "repeats", tally.count(Verdict.REPEAT),
                        "stepsBack", tally.count(Verdict.STEP_BACK),
                        "checksumMismatches", tally.count(Verdict.CHECKSUM),
                        "lostEntries", tally.chainBreaks(),
                        "unreadable", tally.unreadable(),
                        "positionsChecked", tally.entries()),
                tally.faults(),
                audit,
                auditFailure);
    }

    /** One sentence for each promise that did not hold; empty when all did. */
    List<String> broken() {
        List<String> broken = new ArrayList<>();
        count(broken, "P1 order", "gaps", "gaps in a match's positions");
        count(broken, "P1 order", "repeats", "positions read twice");
        count(broken, "P1 order", "stepsBack", "steps back");
        count(broken, "P2 state", "checksumMismatches", "updates whose checksum is not that of the state");
        count(broken, "P5 never silently lost", "lostEntries", "stream entries lost");
        count(broken, "P5 never silently lost", "unreadable", "stream entries that are no update");
        if (audit == null) {
            broken.add("P2 state: the audit could not be done: " + auditFailure);
        } else if (!audit.clean()) {
            broken.add("P2 state, P7 same log same bytes: the audit found " + audit.total() + " differences "
                    + audit.counts());
        }
        if (verdict("positionsChecked") == 0) {
            broken.add("nothing was published at all: look into the log");
        }
        for (Figures.Job job : figures.jobs()) {
            if (!job.state().equals("RUNNING")) {
                broken.add(
                        job.name() + " was " + job.state().toLowerCase(Locale.ROOT) + " at the end: look into the log");
            }
        }
        return broken;
    }

    private void count(List<String> broken, String promise, String verdict, String what) {
        if (verdict(verdict) > 0) {
            broken.add(promise + ": " + verdict(verdict) + " " + what);
        }
    }

    private long verdict(String name) {
        return verdicts.getOrDefault(name, 0L);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "ran %d s: %,d updates of %,d matches, %,d positions checked by a reader",
                figures.up().toSeconds(),
                figures.updates(),
                figures.matches().live()
                        + figures.matches().upcoming()
                        + figures.matches().ended(),
                verdict("positionsChecked")));
        stages.forEach((stage, took) -> lines.add(
                took.p50() < 0
                        ? String.format(Locale.ROOT, "  %-22s none", stage.title())
                        : String.format(
                                Locale.ROOT,
                                "  %-22s p50 %,6d ms   p99 %,6d ms",
                                stage.title(),
                                took.p50(),
                                took.p99())));
        for (Figures.Job job : figures.jobs()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-22s %s, %,d checkpoints (last %,d ms), %,d restarts",
                    job.name(),
                    job.state().toLowerCase(Locale.ROOT),
                    job.checkpoints(),
                    job.lastCheckpointMs(),
                    job.restarts()));
        }
        if (audit != null) {
            lines.add("audit");
            audit.lines().forEach(line -> lines.add("  " + line));
        }
        faults.stream().limit(20).forEach(fault -> lines.add("  fault: " + fault));
        List<String> broken = broken();
        lines.add(broken.isEmpty() ? "every promise was kept" : "BROKEN PROMISES");
        broken.forEach(promise -> lines.add("  " + promise));
        return lines;
    }

    ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("seconds", figures.up().toSeconds());
        json.put(
                "feedRecords",
                audit == null ? -1 : audit.log().records() - audit.log().ticks());
        json.put("ticks", audit == null ? -1 : audit.log().ticks());
        json.put("updates", figures.updates());
        json.put("updatesDecided", audit == null ? -1 : audit.fold().updates());
        json.put("matches", audit == null ? -1 : audit.fold().matches());
        ObjectNode refused = json.putObject("refused");
        figures.refused().forEach(refused::put);
        for (String verdict : List.of(
                "positionsChecked",
                "gaps",
                "repeats",
                "stepsBack",
                "checksumMismatches",
                "lostEntries",
                "unreadable")) {
            json.put(verdict, verdict(verdict));
        }
        json.put("auditCompared", audit == null ? -1 : audit.streams().compared());
        json.put("auditHashesCompared", audit == null ? -1 : audit.hashes().compared());
        json.put("auditPending", audit == null ? -1 : audit.left().pending());
        json.put("auditDifferences", audit == null ? -1 : audit.total());
        ObjectNode stageTimes = json.putObject("stagesMs");
        stages.forEach((stage, took) -> {
            ObjectNode one = stageTimes.putObject(stage.name().toLowerCase(Locale.ROOT));
            one.put("p50", took.p50());
            one.put("p99", took.p99());
            one.put("count", took.count());
        });
        ObjectNode jobs = json.putObject("jobs");
        for (Figures.Job job : figures.jobs()) {
            ObjectNode one = jobs.putObject(job.name());
            one.put("state", job.state());
            one.put("checkpoints", job.checkpoints());
            one.put("failedCheckpoints", job.failedCheckpoints());
            one.put("lastCheckpointMs", job.lastCheckpointMs());
            one.put("restarts", job.restarts());
        }
        broken().forEach(json.withArray("brokenPromises")::add);
        json.withArray("brokenPromises");
        return json;
    }

    void write(Path file) {
        try {
            Files.writeString(
                    file,
                    new ObjectMapper()
                                    .enable(SerializationFeature.INDENT_OUTPUT)
                                    .writeValueAsString(json()) + "\n");
        } catch (IOException e) {
            throw new IllegalArgumentException("--summary " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
