package touchline.sql;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import touchline.audit.Speech;

/** Makes a topic for what a query writes. */
@Command(
        name = "topic",
        description = "Makes a Kafka topic at a running demo or cluster, for what an INSERT writes.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TopicCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "its name, as the table's 'topic' has it")
    private String name = "";

    @Option(
            names = "--append",
            description = "every record is kept, as long as the brokers keep any (default: the newest of each key)")
    private boolean append;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "1",
            description = "into how many parts (default: ${DEFAULT-VALUE})")
    private int partitions;

    @Mixin
    private final Where where = new Where();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        boolean made = new ResultTopic(name, partitions, !append)
                .make(where.installation().settings());
        Speech.tell(Speech.out(spec), "topic " + name + (made ? " is made" : " is there already"));
        return 0;
    }
}
