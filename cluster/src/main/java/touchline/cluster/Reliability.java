package touchline.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page of what was found. A fault's row is replaced by its newest runs; the rows of the others stay. */
final class Reliability {

    private static final String HEAD = """
            # What was broken, and what came of it

            Written by `./touchline chaos`; only what was run stands here. A whole installation on one machine, every part a process of its own
            (`./touchline cluster up`, settings of `deploy/`), under load: simulated matches of the stand-in odds API (or, where the row says so,
            recorded days), polled twice a second, and simulated operators who write through PostgreSQL.

            After each run: every position is consecutive and every checksum right at a reader of the Redis streams and at a client of the relays;
            Redis holds and said what an independent fold of the feed log says (the audit); no revision of an operator's document is missing in the log;
            the client's cells are the relays'. Recovery: from the fault to the first new update after the longest silence, seconds, p50 / max of the runs;
            at Redis only updates count that ingest read after the fault. What interrupts for less than the load's own silences, up to a second with eight operated
            matches on a busy machine, shows the end of one of these: where they are all that a row could tell, it has more of them. The load is the machine's load average: where it is above the number of cores,
            others had work on it too, and the times are theirs as well.

            | fault | what | runs | promises | at a reader of Redis | at a relay's client | when, load, machine |
            |---|---|---|---|---|---|---|
            """;

    private Reliability() {}

    static void write(Path file, Map<Fault, Outcome> outcomes, Load load, int operated) throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("| `")) {
                    rows.put(line.substring(3, line.indexOf('`', 3)), line);
                }
            }
        }
        outcomes.forEach(
                (fault, outcome) -> rows.put(key(fault, load.isRecorded()), row(fault, outcome, load, operated)));
        List<String> sorted = new ArrayList<>();
        for (Fault fault : Fault.all()) {
            for (boolean recorded : new boolean[] {false, true}) {
                if (rows.containsKey(key(fault, recorded))) {
                    sorted.add(rows.get(key(fault, recorded)));
                }
            }
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, HEAD + String.join("\n", sorted) + "\n");
    }

    private static String key(Fault fault, boolean recorded) {
        return fault.word() + (recorded ? ", recorded" : "");
    }

    private static String row(Fault fault, Outcome outcome, Load load, int operated) {
        return String.format(
                Locale.ROOT,
                "| `%s` | %s | %d | %s | %s | %s | %s, %s + %d of operators, %d cores at a load of %.0f, `./touchline chaos --fault %s --runs %d%s` |",
                key(fault, load.isRecorded()),
                fault.title(),
                outcome.runs(),
                outcome.verdict(),
                outcome.redis(),
                outcome.client(),
                LocalDate.now(ZoneOffset.UTC),
                load.title(),
                operated,
                Runtime.getRuntime().availableProcessors(),
                outcome.load(),
                fault.word(),
                outcome.runs(),
                (operated == Scene.OPERATED ? "" : " --operated " + operated)
                        + (load.isRecorded() ? " --recordings DIR" : ""));
    }
}
