package touchline.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the headers of the queries tell, as a page; and what they must tell. */
class QueriesPageTest {

    private static final String TOP = """
            # Questions to live markets

            Each is a file that runs as it stands: `./touchline sql --for 20 -f sql/queries/best-price.sql`. In streaming, the default, it goes on with every
            change until it is ended (here after 20 s); with `-e "SET 'execution.runtime-mode' = 'batch'"` before `-f` it answers from what holds now, and ends.
            The tables and views that they ask are in [tables.md](tables.md). This page is made of the files, and the samples are what the tests answer to the
            inputs in `sql/src/test/resources/queries`; [CONTRIBUTING](../CONTRIBUTING.md) says how to add one.
            """;

    @Test
    void thePageIsTheOneThatTheFilesMake() {
        Path file = Objects.requireNonNull(Scenarios.directory().getParent())
                .resolve("docs")
                .resolve("queries.md");
        String made = page();
        if (Question.writing()) {
            Question.write(file, made);
        }
        assertThat(file)
                .content()
                .as("%s; CONTRIBUTING says how to write it anew", file)
                .isEqualTo(made);
    }

    @Test
    void theSampleInAHeaderIsWhatTheTestExpects() {
        for (Question question : Question.all()) {
            assertThat(question.sample()).as(question.name()).isEqualTo(question.expected());
        }
    }

    @Test
    void everyQuestionIsOneStatementAndRunsInStreaming() {
        for (Question question : Question.all()) {
            assertThat(Script.statements(question.sql())).as(question.name()).hasSize(1);
            assertThat(question.runs())
                    .as(question.name())
                    .contains("streaming")
                    .isSubsetOf("streaming", "batch");
        }
    }

    /** So every view is run with an input and expected rows. */
    @Test
    void everyViewIsAskedByAQuestion() {
        List<String> views = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Script.Statement statement : Script.statements(CatalogText.resource("views.sql"))) {
            views.add(statement.text().split("\\s+", 4)[2]);
            texts.add(statement.text());
        }
        Set<String> asked = new TreeSet<>();
        List<String> reading =
                new ArrayList<>(Question.all().stream().map(Question::sql).toList());
        while (!reading.isEmpty()) {
            String text = reading.remove(0);
            for (int i = 0; i < views.size(); i++) {
                if (Pattern.compile("\\b" + views.get(i) + "\\b").matcher(text).find() && asked.add(views.get(i))) {
                    reading.add(texts.get(i));
                }
            }
        }
        assertThat(asked).containsExactlyInAnyOrderElementsOf(views);
    }

    private static String page() {
        StringBuilder page = new StringBuilder(TOP);
        for (Question question : Question.all()) {
            page.append("\n## ").append(question.title()).append("\n\n");
            String asked = question.question();
            page.append(Character.toUpperCase(asked.charAt(0)))
                    .append(asked.substring(1))
                    .append("\n\nAsked by ")
                    .append(question.asks())
                    .append("\n\n");
            page.append("[`sql/queries/" + question.name() + ".sql`](../sql/queries/" + question.name() + ".sql), in ")
                    .append(String.join(" and ", question.runs()))
                    .append(":\n\n```\n")
                    .append(String.join("\n", question.sample()))
                    .append("\n```\n");
        }
        page.append("""

                ## Results that are kept

                These run until they are stopped (`SHOW JOBS; STOP JOB '...'`). `${kafka.bootstrap}` and the like in a file of `-f` are the settings of the
                Touchline that is asked.

                | file | keeps | for |
                |---|---|---|
                """);
        for (Maintained one : Maintained.all()) {
            page.append("| [`sql/running/" + one.name() + ".sql`](../sql/running/" + one.name() + ".sql) | "
                    + one.keeps() + " | " + one.whom() + " |\n");
        }
        return page.toString();
    }
}
