package touchline.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import touchline.audit.Speech;

/** A small Redis prompt on the running demo, where the machine has no {@code redis-cli}. */
@Command(name = "redis-cli", description = "Redis prompt on the running demo.", mixinStandardHelpOptions = true)
final class RedisPrompt implements Callable<Integer> {

    @Option(names = "--endpoints", paramLabel = "FILE", description = "the demo's endpoints file")
    private @Nullable Path endpoints;

    @Parameters(paramLabel = "WORD", description = "one command; without it, commands are read line by line")
    private List<String> words = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Speech.out(spec);
        Endpoints demo = Endpoints.read(endpoints == null ? Touchline.run().resolve("endpoints.json") : endpoints);
        RedisClient client = RedisClient.create(RedisURI.create(demo.redis()));
        try (StatefulRedisConnection<String, String> redis = client.connect()) {
            if (!words.isEmpty()) {
                return run(redis, words, out) ? 0 : 1;
            }
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            boolean prompt = Boolean.getBoolean("touchline.prompt");
            while (true) {
                out.print(prompt ? "redis> " : "");
                out.flush();
                String line = in.readLine();
                if (line == null || line.strip().equals("quit") || line.strip().equals("exit")) {
                    return 0;
                }
                if (!line.isBlank()) {
                    run(redis, List.of(line.strip().split("\\s+")), out);
                }
            }
        } finally {
            client.shutdown(0, 2, TimeUnit.SECONDS);
        }
    }

    private static boolean run(StatefulRedisConnection<String, String> redis, List<String> words, PrintWriter out) {
        CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
        words.subList(1, words.size()).forEach(arguments::add);
        String name = words.get(0).toUpperCase(Locale.ROOT);
        try {
            List<Object> answer =
                    redis.sync().dispatch(new Word(name), new NestedMultiOutput<>(StringCodec.UTF8), arguments);
            print(answer, "", out);
            out.flush();
            return true;
        } catch (RedisException e) {
            out.println("(error) " + e.getMessage());
            out.flush();
            return false;
        }
    }

    private static void print(@Nullable Object answer, String indent, PrintWriter out) {
        if (answer instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i) instanceof List<?> inner) {
                    out.println(indent + (i + 1) + ")");
                    print(inner, indent + "   ", out);
                } else {
                    out.println(indent + (items.size() == 1 ? "" : (i + 1) + ") ") + items.get(i));
                }
            }
            if (items.isEmpty()) {
                out.println(indent + "(empty)");
            }
        } else {
            out.println(indent + answer);
        }
    }

    private record Word(String text) implements ProtocolKeyword {
        @Override
        public byte[] getBytes() {
            return text.getBytes(UTF_8);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
