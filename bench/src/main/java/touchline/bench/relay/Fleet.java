package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/**
 * A crowd in a process of its own, so that its processor time is told apart from the relay's. It is asked by lines of
 * words ({@code name key=value ...}) and answers each with one line; it ends with its input. {@link FleetProcess} is the
 * other end.
 */
public final class Fleet {

    private final Crowd crowd;

    private Fleet(Crowd crowd) {
        this.crowd = crowd;
    }

    /** @param args the clock's origin in nanoseconds, and what the servers speak */
    public static void main(String[] args) throws Exception {
        try (Crowd crowd = new Crowd(new Clock(Long.parseLong(args[0])), Dialect.valueOf(args[1]));
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            Fleet fleet = new Fleet(crowd);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println("answer " + fleet.answer(line));
            }
        }
    }

    private String answer(String line) throws Exception {
        Map<String, String> words = words(line);
        return switch (line.contains(" ") ? line.substring(0, line.indexOf(' ')) : line) {
            case "grow" -> {
                List<InetSocketAddress> relays = new ArrayList<>();
                for (String port : word(words, "ports").split(",")) {
                    relays.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
                }
                yield onLoop(() -> {
                    crowd.grow(
                            Integer.parseInt(word(words, "count")),
                            relays,
                            word(words, "select"),
                            Integer.parseInt(word(words, "spread")),
                            word(words, "rest"));
                    return "";
                });
            }
            case "ready" -> onLoop(() -> "ready=" + crowd.ready() + " slow=" + slow());
            case "record" ->
                onLoop(() -> {
                    crowd.record(number(words, "from"), number(words, "to"), number(words, "gap"));
                    return "";
                });
            case "report" ->
                onLoop(() -> crowd.tally().words((int) (crowd.clients().size() - slow())) + " parsed="
                        + crowd.frames().parsed());
            case "died" ->
                onLoop(() -> {
                    crowd.died(number(words, "at"));
                    return "";
                });
            case "slow" ->
                onLoop(() -> {
                    long share = number(words, "percent");
                    crowd.clients().forEach(client -> client.slow(client.number() % 100 < share));
                    return "";
                });
            case "trickle" ->
                onLoop(() -> {
                    crowd.clients().stream().filter(Client::isSlow).forEach(Client::readOnce);
                    return "";
                });
            case "compare" -> compare(Path.of(word(words, "file")));
            default -> throw new IllegalArgumentException("unknown: " + line);
        };
    }

    private long slow() {
        return crowd.clients().stream().filter(Client::isSlow).count();
    }

    /** Counts the clients that hold exactly what the file says: lines of match, position and {@code group=sum}. */
    private String compare(Path file) throws IOException, InterruptedException, ExecutionException {
        List<String> lines = Files.readAllLines(file);
        return onLoop(() -> {
            List<Held.Expected> expected = new ArrayList<>();
            for (String line : lines) {
                String[] words = line.split(" ");
                Long[] sums = new Long[8];
                Arrays.fill(sums, 0L);
                for (int i = 2; i < words.length; i++) {
                    int equals = words[i].indexOf('=');
                    sums[crowd.frames().group(words[i].substring(0, equals))] =
                            Long.parseUnsignedLong(words[i].substring(equals + 1), 16);
                }
                expected.add(new Held.Expected(
                        crowd.frames().match(words[0]), Position.parse(words[1]), Arrays.asList(sums)));
            }
            long equal = crowd.clients().stream()
                    .filter(client -> client.held().matches(expected))
                    .count();
            return "equal=" + equal + " clients=" + crowd.clients().size();
        });
    }

    private String onLoop(Callable<String> task) throws InterruptedException, ExecutionException {
        return crowd.loop().submit(task).get();
    }

    static Map<String, String> words(String line) {
        Map<String, String> words = new HashMap<>();
        for (String word : line.split(" ")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                words.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return words;
    }

    private static long number(Map<String, String> words, String name) {
        return Long.parseLong(word(words, name));
    }

    static String word(Map<String, String> words, String name) {
        @Nullable String word = words.get(name);
        if (word == null) {
            throw new IllegalArgumentException("no word " + name);
        }
        return word;
    }
}
