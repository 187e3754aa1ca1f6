package touchline.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures as lines of text, no line wider than asked for, no more lines than asked for. */
final class Board {

    private static final String RESET = "\u001b[0m";
    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";

    /** Lines for the matches, with their title, on the lowest terminal. */
    private static final int SOME_MATCHES = 6;

    private final boolean color;

    Board(boolean color) {
        this.color = color;
    }

    List<String> render(Figures figures, int width, int height) {
        List<String> lines = new ArrayList<>();
        lines.add(title("sources", width));
        for (Figures.Source source : figures.sources()) {
            String line = fit(
                    String.format(
                            Locale.ROOT,
                            "  %-11s %-5s %s",
                            source.name(),
                            source.well() ? "ok" : "AWAY",
                            source.detail()),
                    width);
            lines.add(source.well() ? line : paint(RED, line));
        }
        lines.add(title("jobs", width));
        for (Figures.Job job : figures.jobs()) {
            String line = fit(
                    String.format(
                            Locale.ROOT,
                            "  %-11s %-9s %,d checkpoints, last took %s%s, %,d restarts",
                            job.name(),
                            job.state().toLowerCase(Locale.ROOT),
                            job.checkpoints(),
                            ms(job.lastCheckpointMs()),
                            job.failedCheckpoints() > 0
                                    ? String.format(Locale.ROOT, ", %,d failed", job.failedCheckpoints())
                                    : "",
                            job.restarts()),
                    width);
            lines.add(job.state().equals("RUNNING") ? line : paint(YELLOW, line));
        }
        stages(figures, lines, width);
        readers(figures, lines, width);
        lines.add(title("refused", width));
        lines.addAll(refused(figures.refused(), width));
        // What happens comes before where to find it: a low terminal shows fewer addresses, but always some matches.
        List<String> board = head(figures, width, height - lines.size() - SOME_MATCHES);
        board.addAll(lines);
        matches(figures, board, width, height);
        return board.size() <= height ? board : board.subList(0, height);
    }

    private List<String> head(Figures figures, int width, int height) {
        List<String> lines = new ArrayList<>();
        lines.add(paint(BOLD, fit("Touchline   up " + clock(figures.up()) + "   Ctrl-C ends it", width)));
        boolean airy = height >= figures.addresses().size() + 3;
        if (airy) {
            lines.add("");
        }
        for (Figures.Address address : figures.addresses()) {
            if (airy || lines.size() < height) {
                lines.add(fit(String.format(Locale.ROOT, "  %-11s %s", address.name(), address.where()), width));
            }
        }
        if (airy) {
            lines.add("");
        }
        return lines;
    }

    /** The same in one line, for an output that is no terminal. */
    String line(Figures figures) {
        StageTimes.Percentiles read = figures.stages().getOrDefault(Stage.INGEST_TO_READ, StageTimes.Percentiles.NONE);
        Figures.Readers readers = figures.readers();
        List<String> states = figures.jobs().stream()
                .map(job -> job.name() + "=" + job.state().toLowerCase(Locale.ROOT) + "/" + job.checkpoints() + "cp/"
                        + job.restarts() + "r")
                .toList();
        return String.format(
                Locale.ROOT,
                "up=%s live=%d upcoming=%d updates=%d perSecond=%.0f ingestToRead=%s/%sms refused=%d broken=%d %s",
                clock(figures.up()),
                figures.matches().live(),
                figures.matches().upcoming(),
                figures.updates(),
                figures.updatesPerSecond(),
                read.p50() < 0 ? "-" : Long.toString(read.p50()),
                read.p99() < 0 ? "-" : Long.toString(read.p99()),
                figures.refused().values().stream().mapToLong(Long::longValue).sum(),
                readers.gaps() + readers.repeats() + readers.stepsBack() + readers.checksums() + readers.chainBreaks(),
                String.join(" ", states));
    }

    private void stages(Figures figures, List<String> lines, int width) {
        lines.add(title(
                String.format(
                        Locale.ROOT,
                        "updates   %,d in all, %,.0f/s; last 5 s, ms",
                        figures.updates(),
                        figures.updatesPerSecond()),
                width));
        StringBuilder names = new StringBuilder("  ");
        StringBuilder values = new StringBuilder("  ");
        for (Stage stage : Stage.values()) {
            StageTimes.Percentiles took = figures.stages().getOrDefault(stage, StageTimes.Percentiles.NONE);
            names.append(String.format(Locale.ROOT, "%-22s", stage.title()));
            values.append(String.format(
                    Locale.ROOT,
                    "%-22s",
                    took.p50() < 0 ? "-" : String.format(Locale.ROOT, "p50 %,d  p99 %,d", took.p50(), took.p99())));
        }
        // Two rows of three fit any terminal.
        for (int from = 2; from < names.length(); from += 66) {
            int to = Math.min(from + 66, names.length());
            lines.add(paint(DIM, fit("  " + names.substring(from, to), width)));
            lines.add(fit("  " + values.substring(from, to), width));
        }
    }

    private void readers(Figures figures, List<String> lines, int width) {
        Figures.Readers readers = figures.readers();
        boolean kept =
                readers.gaps() + readers.repeats() + readers.stepsBack() + readers.checksums() + readers.chainBreaks()
                        == 0;
        String line = fit(
                String.format(
                        Locale.ROOT,
                        "  %,d positions read: %,d gaps, %,d repeats, %,d steps back, %,d bad sums, %,d lost; beat %s old",
                        readers.entries(),
                        readers.gaps(),
                        readers.repeats(),
                        readers.stepsBack(),
                        readers.checksums(),
                        readers.chainBreaks(),
                        ms(readers.lagMs())),
                width);
        lines.add(title("promises", width));
        lines.add(paint(kept ? GREEN : RED, line));
    }

    private void matches(Figures figures, List<String> lines, int width, int height) {
        Scoreboard.Counts counts = figures.matches();
        lines.add(title(
                String.format(
                        Locale.ROOT,
                        "matches   %,d live, %,d upcoming, %,d ended; markets %,d open, %,d suspended",
                        counts.live(),
                        counts.upcoming(),
                        counts.ended(),
                        counts.marketsOpen(),
                        counts.marketsSuspended()),
                width));
        for (Scoreboard.Line match : figures.live()) {
            if (lines.size() >= height) {
                return;
            }
            String line = fit(
                    String.format(
                            Locale.ROOT,
                            "  %-22s %22s %-7s %s",
                            clip(match.home(), 22),
                            clip(match.away(), 22),
                            match.score(),
                            match.market()),
                    width);
            lines.add(match.open() ? line : paint(YELLOW, line));
        }
    }

    private static List<String> refused(Map<String, Long> refused, int width) {
        if (refused.isEmpty()) {
            return List.of("  nothing");
        }
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(" ");
        for (Map.Entry<String, Long> reason : refused.entrySet()) {
            String words = " " + reason.getKey() + " " + String.format(Locale.ROOT, "%,d", reason.getValue()) + " ";
            if (line.length() + words.length() > width && line.length() > 1) {
                lines.add(line.toString());
                line = new StringBuilder(" ");
            }
            line.append(words);
        }
        lines.add(fit(line.toString(), width));
        return lines;
    }

    private String title(String text, int width) {
        return paint(BOLD, fit(text, width));
    }

    private String paint(String style, String text) {
        return color ? style + text + RESET : text;
    }

    private static String fit(String text, int width) {
        String shown = text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
        return shown.stripTrailing();
    }

    private static String clip(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }

    private static String ms(long ms) {
        return ms < 0 ? "-" : String.format(Locale.ROOT, "%,d ms", ms);
    }

    private static String clock(Duration up) {
        return String.format(Locale.ROOT, "%d:%02d:%02d", up.toHours(), up.toMinutesPart(), up.toSecondsPart());
    }
}
