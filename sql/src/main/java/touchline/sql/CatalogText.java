package touchline.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;

/**
 * The statements of {@code tables.sql} and {@code views.sql}, with what differs from one installation to the other filled in:
 * <code>${key}</code>, or <code>${key:otherwise}</code>, is a setting of the jobs, under the name that it has there.
 */
final class CatalogText {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Za-z.]+)(?::([^}]*))?}");

    private CatalogText() {}

    static List<String> statements(Map<String, String> settings) {
        List<String> statements = new ArrayList<>();
        for (String file : List.of("tables.sql", "views.sql")) {
            for (Script.Statement statement : Script.statements(resource(file))) {
                statements.add(filled(statement.text(), settings));
            }
        }
        return statements;
    }

    /** @throws ValidationException when a key is not set and has no value otherwise */
    static String filled(String text, Map<String, String> settings) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        return matcher.replaceAll(found -> {
            @Nullable String value = settings.get(found.group(1));
            if (value == null) {
                value = found.group(2);
            }
            if (value == null) {
                throw new ValidationException(
                        "option '" + found.group(1) + "' is needed: the setting of that name that the jobs have");
            }
            return Matcher.quoteReplacement(value.replace("'", "''"));
        });
    }

    static String resource(String file) {
        try (InputStream in = CatalogText.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not packed beside " + CatalogText.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
