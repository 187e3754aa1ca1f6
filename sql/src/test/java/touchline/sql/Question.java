package touchline.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of {@code queries/}: one question. Its header, line comments, tells the title, the question, who asks it, in which modes
 * it runs, and a sample of what it answers, which the tests write; then comes the query.
 *
 * @param runs streaming, batch or both
 * @param sample lines
 */
record Question(
        String name, String title, String question, String asks, List<String> runs, List<String> sample, String sql) {

    static final Path FILES = Path.of("queries");

    private static final String SAMPLE = "Sample output:";
    private static final String WRITE = "touchline.queries.write";

    /** Whether what the tests make of the queries is to be written, not compared. */
    static boolean writing() {
        return Boolean.getBoolean(WRITE);
    }

    static List<Question> all() {
        return names(FILES).stream().map(Question::read).toList();
    }

    static List<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .sorted()
                    .map(file -> file.substring(0, file.length() - ".sql".length()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Question read(String name) {
        List<String> comments = new ArrayList<>();
        StringBuilder sql = new StringBuilder();
        for (String line : text(FILES.resolve(name + ".sql")).lines().toList()) {
            if (sql.isEmpty() && line.startsWith("--")) {
                comments.add(line.length() > 3 ? line.substring(3) : "");
            } else {
                sql.append(line).append('\n');
            }
        }
        int sample = comments.indexOf(SAMPLE);
        List<String> told = sample < 0 ? comments : comments.subList(0, sample);
        return new Question(
                name,
                told.get(0),
                part(name, told, "Question: "),
                part(name, told, "Who asks: "),
                List.of(part(name, told, "Runs: ").split(", ")),
                sample < 0
                        ? List.of()
                        : comments.subList(sample + 1, comments.size()).stream()
                                .map(String::strip)
                                .toList(),
                sql.toString().strip());
    }

    /** From its word to the next one, or to a blank line. */
    static String part(String name, List<String> told, String word) {
        StringBuilder part = new StringBuilder();
        for (String line : told) {
            boolean begins = line.startsWith(word);
            if (!part.isEmpty() && (line.isBlank() || line.matches("(Question|Who asks|Runs|Keeps|For): .*"))) {
                break;
            }
            if (begins || !part.isEmpty()) {
                part.append(part.isEmpty() ? "" : " ").append(begins ? line.substring(word.length()) : line);
            }
        }
        if (part.isEmpty()) {
            throw new IllegalStateException(name + ".sql does not tell: " + word);
        }
        return part.toString();
    }

    /** As tests name it. */
    @Override
    public String toString() {
        return name;
    }

    String input() {
        return text(FILES.resolve("../src/test/resources/queries/" + name + "/input.txt"));
    }

    private Path expectedFile() {
        return FILES.resolve("../src/test/resources/queries/" + name + "/expected.txt");
    }

    List<String> expected() {
        return text(expectedFile()).lines().toList();
    }

    /** As what is expected, and as the header's sample. */
    void write(List<String> answer) {
        write(expectedFile(), String.join("\n", answer) + "\n");
        Path file = FILES.resolve(name + ".sql");
        List<String> lines = new ArrayList<>();
        for (String line : text(file).lines().toList()) {
            if (line.equals("-- " + SAMPLE) || !line.startsWith("--")) {
                break;
            }
            lines.add(line);
        }
        if (lines.get(lines.size() - 1).equals("--")) {
            lines.remove(lines.size() - 1);
        }
        lines.add("--");
        lines.add("-- " + SAMPLE);
        answer.forEach(line -> lines.add("--   " + line));
        lines.add(sql);
        write(file, String.join("\n", lines) + "\n");
    }

    static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Columns below each other. */
    static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(i == 0 ? "" : " | ")
                    .append(row.get(i))
                    .append(" ".repeat(widths[i] - row.get(i).length()));
        }
        return line.toString().stripTrailing();
    }
}
