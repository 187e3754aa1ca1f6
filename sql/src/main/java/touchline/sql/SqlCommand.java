package touchline.sql;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.flink.table.client.SqlClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import touchline.audit.Speech;

/** Flink's SQL client on a running Touchline; or a file, which fails as soon as one of its statements does. */
@Command(
        name = "sql",
        description = "SQL over the live markets of a running demo or cluster: Flink's SQL client, or a file.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SqlCommand implements Callable<Integer> {

    @Option(
            names = "-f",
            paramLabel = "FILE",
            description = "run the statements of this file; 1 when one fails, and which")
    private @Nullable Path file;

    @Option(names = "-e", paramLabel = "STATEMENT", description = "run this statement (before the file's)")
    private List<String> statements = List.of();

    @Option(
            names = "--for",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "end each query that still runs after so long (default: as long as it likes)")
    private double seconds;

    @Option(
            names = "--gateway",
            paramLabel = "HOST:PORT",
            description = "a gateway that runs; otherwise one is started for this")
    private String gateway = "";

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of Flink's, for every statement")
    private Map<String, String> set = new TreeMap<>();

    @Mixin
    private final Where where = new Where();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Script.Statement> script = script();
        if (!gateway.isEmpty()) {
            return at(gateway, script);
        }
        try (UntilEnd<Gateway> own =
                new UntilEnd<>(Gateway.start(where.installation(), "127.0.0.1", FreePort.find(), set))) {
            return at(own.part().address(), script);
        }
    }

    private List<Script.Statement> script() throws IOException {
        List<Script.Statement> script = new ArrayList<>();
        statements.forEach(text -> script.addAll(Script.statements(text)));
        if (file != null) {
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException(file + " is not a file that is there");
            }
            script.addAll(Script.statements(Files.readString(file, StandardCharsets.UTF_8)));
        }
        script.replaceAll(statement -> new Script.Statement(statement.line(), filled(statement.text())));
        return script;
    }

    /** A statement may say where Touchline's Kafka and Redis are as the catalog's tables do: by the name of the jobs' setting. */
    private String filled(String statement) {
        return statement.contains("${")
                ? CatalogText.filled(statement, where.installation().settings())
                : statement;
    }

    private int at(String address, List<Script.Statement> script) {
        if (file == null && statements.isEmpty()) {
            SqlClient.main(new String[] {"gateway", "-e", address});
            return 0;
        }
        return run(address, script);
    }

    private int run(String address, List<Script.Statement> script) {
        PrintWriter out = Speech.out(spec);
        try (UntilEnd<Statements> session = new UntilEnd<>(Statements.at(address))) {
            for (Script.Statement statement : script) {
                try {
                    session.part().run(statement.text(), new Printed(out, (long) (seconds * 1_000)));
                } catch (Statements.FailedException e) {
                    out.flush();
                    if (!session.isOver()) {
                        complain(statement, e);
                    }
                    return 1;
                }
            }
            out.flush();
            return 0;
        } catch (Statements.FailedException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private void complain(Script.Statement statement, Statements.FailedException e) {
        String name = file == null ? "" : file + ":" + statement.line() + ": ";
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        err.println("touchline: " + name + "this statement failed:\n\n" + statement.text() + "\n\n" + e.getMessage());
        err.flush();
    }
}
