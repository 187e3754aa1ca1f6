package touchline.feed;

import java.util.Arrays;
import java.util.Locale;

/** Enum constants as they stand in JSON: in lower case. */
final class Words {

    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> E read(Class<E> type, String field, String word) throws RefusedException {
        for (E constant : type.getEnumConstants()) {
            if (of(constant).equals(word)) {
                return constant;
            }
        }
        Refusal reason = type == Kind.class ? Refusal.UNKNOWN_KIND : Refusal.WRONG_TYPE;
        throw new RefusedException(
                reason,
                field + "=" + Bounds.clip(word) + ": use one of "
                        + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
    }
}
