package touchline.sql;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A file of {@code running/}: a table of the analyst's own and an {@code INSERT} that keeps it. Its header tells the title, what it
 * keeps where, and for whom.
 *
 * @param settings the {@code SET} statements
 * @param statements the others
 */
record Maintained(
        String name, String title, String keeps, String whom, List<String> settings, List<String> statements) {

    static final Path FILES = Path.of("running");

    /** As tests name it. */
    @Override
    public String toString() {
        return name;
    }

    static List<Maintained> all() {
        return Question.names(FILES).stream().map(Maintained::read).toList();
    }

    static Maintained read(String name) {
        String text = Question.text(FILES.resolve(name + ".sql"));
        List<String> told = text.lines()
                .takeWhile(line -> line.startsWith("--"))
                .map(line -> line.length() > 3 ? line.substring(3) : "")
                .toList();
        Map<Boolean, List<String>> statements = Script.statements(text).stream()
                .map(Script.Statement::text)
                .map(statement -> statement.replaceAll("(?m)^--.*\\R", ""))
                .collect(Collectors.partitioningBy(statement -> statement.startsWith("SET ")));
        return new Maintained(
                name,
                told.get(0),
                Question.part(name, told, "Keeps: "),
                Question.part(name, told, "For: "),
                statements.getOrDefault(true, List.of()),
                statements.getOrDefault(false, List.of()));
    }
}
