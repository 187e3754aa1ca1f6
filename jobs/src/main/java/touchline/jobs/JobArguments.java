package touchline.jobs;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import touchline.book.MarketRules;
import touchline.config.Settings;
import touchline.oddsapi.OddsApiConfig;
import touchline.postgres.PostgresSettings;
import touchline.redis.RedisConfig;

/** The command line of a job: {@code --config FILE} (properties) and {@code --set key=value}, later ones winning. */
final class JobArguments {

    private static final String USAGE = "usage: [--config FILE]... [--set key=value]...";

    private JobArguments() {}

    static Settings settings(String... args) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value. " + USAGE);
            }
            switch (args[i]) {
                case "--config" -> load(args[i + 1], values);
                case "--set" -> set(args[i + 1], values);
                default -> throw new IllegalArgumentException("unknown argument " + args[i] + ". " + USAGE);
            }
        }
        return new Settings(values);
    }

    /** One file may serve both jobs, so the keys of either are known to either. */
    static void refuseUnknown(Settings settings) {
        settings.know(JobConfig.class, "job");
        settings.know(KafkaConfig.class, "kafka");
        settings.know(MarketRules.class, "market");
        settings.know(RedisConfig.class, "redis");
        settings.know(OddsApiConfig.class, "oddsapi");
        settings.know(PostgresSettings.class, "postgres");
        settings.refuseUnknown();
    }

    private static void load(String file, Map<String, String> values) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IllegalArgumentException("--config " + file + ": cannot be read", e);
        }
        for (String key : properties.stringPropertyNames()) {
            values.put(key, properties.getProperty(key));
        }
    }

    private static void set(String setting, Map<String, String> values) {
        int equals = setting.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("--set " + setting + ": key=value is needed");
        }
        values.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
}
