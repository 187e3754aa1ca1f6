package touchline.sql;

import java.nio.file.Path;
import java.util.List;

/**
 * A file of {@code running/}: a table of the analyst's own and an {@code INSERT} that keeps it. Its header tells the title, what it
 * keeps where, and for whom.
 */
record Maintained(String name, String title, String keeps, String whom, List<String> statements) {

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
        return new Maintained(
                name,
                told.get(0),
                Question.part(name, told, "Keeps: "),
                Question.part(name, told, "For: "),
                Script.statements(text).stream().map(Script.Statement::text).toList());
    }
}
