package touchline.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import touchline.audit.Speech;

/** A small SQL prompt on the operators' database of the running demo, where the machine has no {@code psql}. */
@Command(name = "psql", description = "SQL prompt on the running demo.", mixinStandardHelpOptions = true)
final class Psql implements Callable<Integer> {

    @Option(names = "--endpoints", paramLabel = "FILE", description = "the demo's endpoints file")
    private @Nullable Path endpoints;

    @Option(
            names = {"-c", "--command"},
            paramLabel = "SQL",
            description = "run this and end")
    private List<String> commands = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        PrintWriter out = Speech.out(spec);
        Endpoints demo = Endpoints.read(endpoints == null ? Touchline.run().resolve("endpoints.json") : endpoints);
        try (Connection connection = DriverManager.getConnection(demo.postgres())) {
            SqlPrompt prompt = new SqlPrompt(connection, out);
            if (!commands.isEmpty()) {
                boolean well = true;
                for (String command : commands) {
                    well &= prompt.run(command);
                }
                return well ? 0 : 1;
            }
            out.println("The operators' database of the running demo. End statements with ';', leave with \\q.");
            return prompt.read(
                            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                            Boolean.getBoolean("touchline.prompt"))
                    ? 0
                    : 1;
        }
    }
}
