package touchline.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Text keys and their values ({@code redis.shards=16}), handed out as typed records. Every key must belong to one of
 * the records that were asked for: {@link #refuseUnknown} names those that do not, with the nearest known key.
 */
public final class Settings {

    private final Map<String, String> values;
    private final Set<String> known = new TreeSet<>();

    public Settings(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    /**
     * A record whose component {@code x} is set by the key {@code <prefix>.x}, or by {@code x} where the prefix is empty.
     *
     * @throws IllegalArgumentException when a value is missing, has the wrong form, or the record refuses it
     */
    public <R extends Record> R as(Class<R> type, String prefix) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = key(prefix, components[i]);
            Setting setting = components[i].getAnnotation(Setting.class);
            if (setting == null) {
                throw new IllegalStateException(type.getName() + "." + components[i].getName() + " has no @Setting");
            }
            known.add(key);
            String text = values.getOrDefault(key, setting.value());
            if (text.equals(Setting.REQUIRED)) {
                throw new IllegalArgumentException(key + " must be set: " + setting.help());
            }
            arguments[i] = value(key, components[i].getType(), text, setting);
        }
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            String where = prefix.isEmpty() ? "" : prefix + ".*: ";
            throw new IllegalArgumentException(where + e.getTargetException().getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " must be a public record", e);
        }
    }

    /** The keys of a record are right here although nobody asks for it: one file may serve several programs. */
    public void know(Class<? extends Record> type, String prefix) {
        for (RecordComponent component : type.getRecordComponents()) {
            known.add(key(prefix, component));
        }
    }

    /** Keys that are right here although no record has them. */
    public void know(Collection<String> keys) {
        known.addAll(keys);
    }

    /** Every key with its default and help, one a line, in the order of the record. */
    public static List<String> describe(Class<? extends Record> type, String prefix) {
        List<String> lines = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Setting setting = component.getAnnotation(Setting.class);
            String value = setting.value().equals(Setting.REQUIRED) ? "(required)" : setting.value();
            lines.add(key(prefix, component) + "=" + value + "   # " + setting.help());
        }
        return lines;
    }

    /** @throws IllegalArgumentException when a key belongs to no record asked for so far */
    public void refuseUnknown() {
        List<String> complaints = new ArrayList<>();
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                complaints.add("unknown setting " + key + suggestion(key));
            }
        }
        if (!complaints.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", complaints));
        }
    }

    private static String key(String prefix, RecordComponent component) {
        return prefix.isEmpty() ? component.getName() : prefix + "." + component.getName();
    }

    private static Object value(String key, Class<?> type, String text, Setting setting) {
        try {
            if (type == String.class) {
                return text;
            } else if (type == int.class) {
                return Integer.parseInt(text.strip());
            } else if (type == long.class) {
                return Long.parseLong(text.strip());
            } else if (type == boolean.class) {
                if (!text.strip().equals("true") && !text.strip().equals("false")) {
                    throw new IllegalArgumentException("true or false");
                }
                return Boolean.parseBoolean(text.strip());
            } else if (type == List.class) {
                return Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .collect(Collectors.toUnmodifiableList());
            } else if (type == Secret.class) {
                return new Secret(text.strip());
            }
        } catch (NumberFormatException e) {
            long most = type == int.class ? Integer.MAX_VALUE : Long.MAX_VALUE;
            throw new IllegalArgumentException(
                    key + "=" + text + ": a whole number of at most " + most + " is needed. " + setting.help(), e);
        } catch (IllegalArgumentException e) {
            String shown = type == Secret.class ? "" : "=" + text;
            throw new IllegalArgumentException(
                    key + shown + ": a " + type.getSimpleName().toLowerCase(Locale.ROOT) + " is needed ("
                            + e.getMessage() + "). " + setting.help(),
                    e);
        }
        throw new IllegalStateException(key + ": settings of type " + type + " are not supported");
    }

    /** Only of what may have been meant: a key of which half is different is none. */
    private String suggestion(String key) {
        if (known.isEmpty()) {
            return "; no settings are known here";
        }
        String nearest = nearest(key, known);
        return distance(key, nearest) > key.length() / 2 ? "" : "; did you mean " + nearest + "?";
    }

    private static String nearest(String key, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt((String candidate) -> distance(key, candidate)))
                .orElseThrow();
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
