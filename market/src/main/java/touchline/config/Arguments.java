package touchline.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** The command line of a program: {@code --config FILE} (properties) and {@code --set key=value}, later ones winning. */
public final class Arguments {

    /** What may be given. */
    public static final String USAGE = "usage: [--config FILE]... [--set key=value]...";

    private Arguments() {}

    /** @throws IllegalArgumentException when an argument is unknown or cannot be read */
    public static Settings settings(String... args) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length && (args[i].equals("--config") || args[i].equals("--set"))) {
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

    private static void load(String file, Map<String, String> values) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new IllegalArgumentException("--config " + file + ": cannot be read (" + e + ")", e);
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
