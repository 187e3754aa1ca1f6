package touchline.feed;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Enum constants as they stand in JSON: in lower case. */
final class Words {

    private static final ClassValue<Map<String, Object>> CONSTANTS = new ClassValue<>() {
        @Override
        protected Map<String, Object> computeValue(Class<?> type) {
            Map<String, Object> constants = new HashMap<>();
            for (Object constant : type.getEnumConstants()) {
                constants.put(of((Enum<?>) constant), constant);
            }
            return constants;
        }
    };

    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> E read(Class<E> type, String field, String word) throws RefusedException {
        Object constant = CONSTANTS.get(type).get(word);
        if (constant == null) {
            Refusal reason = type == Kind.class ? Refusal.UNKNOWN_KIND : Refusal.WRONG_TYPE;
            throw new RefusedException(
                    reason,
                    field + "=" + Bounds.clip(word) + ": use one of "
                            + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
        }
        return type.cast(constant);
    }
}
