package touchline.sql;

import picocli.CommandLine.Command;
import touchline.audit.Speech;

/** {@code ./touchline sql}, {@code ./touchline gateway} and {@code ./touchline topic}. */
@Command(
        name = "touchline",
        subcommands = {SqlCommand.class, GatewayCommand.class, TopicCommand.class})
public final class Sql {

    Sql() {}

    public static void main(String[] args) {
        System.exit(Speech.commandLine(new Sql()).execute(args));
    }
}
