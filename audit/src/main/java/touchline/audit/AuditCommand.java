package touchline.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import touchline.book.MarketRules;
import touchline.config.Settings;

/**
 * The audit as a command. Its settings are those of the jobs, so that the same file serves both; the addresses may
 * also come from the endpoints file of a demo. Ends with 0 when nothing differs, 1 when something does, 2 when it could
 * not be told.
 */
@Command(
        name = "audit",
        description = "Fold the feed log again and compare with everything that Redis holds and said.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class AuditCommand implements Callable<Integer> {

    @Option(names = "--endpoints", paramLabel = "FILE", description = "addresses and settings, as the demo writes them")
    private @Nullable Path endpoints;

    @Option(names = "--config", paramLabel = "FILE", description = "the market job's settings file")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "a setting of the market job (kafka.*, redis.*, market.*); wins over the files")
    private Map<String, String> set = new TreeMap<>();

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "short for --set kafka.bootstrap=...")
    private @Nullable String kafka;

    @Option(names = "--redis", paramLabel = "URI", description = "short for --set redis.uri=...")
    private @Nullable String redis;

    @Option(
            names = "--kafka-properties",
            paramLabel = "FILE",
            description = "further settings of the Kafka client (security)")
    private @Nullable Path kafkaProperties;

    @Option(
            names = "--max-differences",
            paramLabel = "N",
            defaultValue = "50",
            description = "differences shown; all are counted (default: ${DEFAULT-VALUE})")
    private int maxDifferences;

    @Option(names = "--json", paramLabel = "FILE", description = "write the report as JSON too")
    private @Nullable Path json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        AuditReport report = Audit.run(target(), maxDifferences);
        PrintWriter out = Speech.out(spec);
        report.lines().forEach(out::println);
        out.flush();
        if (json != null) {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(json.toFile(), report);
        }
        return report.clean() ? 0 : 1;
    }

    /** @throws IllegalArgumentException naming what is missing or wrong */
    AuditTarget target() throws IOException {
        Map<String, String> values = new TreeMap<>();
        if (endpoints != null) {
            JsonNode settings = new ObjectMapper().readTree(endpoints.toFile()).path("settings");
            settings.properties()
                    .forEach(one -> values.put(one.getKey(), one.getValue().asText()));
        }
        if (config != null) {
            read(config, values);
        }
        values.putAll(set);
        if (kafka != null) {
            values.put("kafka.bootstrap", kafka);
        }
        if (redis != null) {
            values.put("redis.uri", redis);
        }
        Map<String, String> client = new TreeMap<>();
        if (kafkaProperties != null) {
            read(kafkaProperties, client);
        }
        client.put("bootstrap.servers", need(values, "kafka.bootstrap"));
        // Keys of the jobs that do not matter here are theirs to check.
        Map<String, String> rules = new TreeMap<>(values);
        rules.keySet().removeIf(key -> !key.startsWith("market."));
        Settings settings = new Settings(rules);
        MarketRules market = settings.as(MarketRules.class, "market");
        settings.refuseUnknown();
        return new AuditTarget(
                need(values, "redis.uri"),
                Integer.parseInt(values.getOrDefault("redis.shards", "16")),
                client,
                values.getOrDefault("kafka.feedTopic", "feed"),
                Integer.parseInt(values.getOrDefault("kafka.maxRecordBytes", "900000")),
                market);
    }

    private static String need(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException(key
                    + " is needed: give --endpoints FILE (a running demo's), --config FILE, or --set " + key + "=...");
        }
        return value;
    }

    private static void read(Path file, Map<String, String> into) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        properties.stringPropertyNames().forEach(key -> into.put(key, properties.getProperty(key)));
    }
}
