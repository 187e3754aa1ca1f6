package touchline.book;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.price.Prices;

/**
 * Writes state compactly: whole numbers as zig-zag varints, texts as length and UTF-8, the outcomes that several prices
 * share only once. {@link StateReader} reads it.
 */
final class StateWriter {

    private byte[] bytes = new byte[512];
    private int size;
    /** One of each set of outcomes written so far. */
    private final List<Prices> outcomes = new ArrayList<>();

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    StateWriter number(long value) {
        ensure(10);
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    StateWriter flag(boolean value) {
        return number(value ? 1 : 0);
    }

    StateWriter text(String text) {
        int length = text.length();
        int begin = size;
        number(length);
        ensure(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                size = begin;
                return utf8(text.getBytes(UTF_8));
            }
            bytes[size++] = (byte) c;
        }
        return this;
    }

    private StateWriter utf8(byte[] utf8) {
        number(utf8.length);
        ensure(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
        return this;
    }

    StateWriter optionalText(@Nullable String text) {
        flag(text != null);
        return text == null ? this : text(text);
    }

    StateWriter optionalNumber(@Nullable Long value) {
        flag(value != null);
        return value == null ? this : number(value);
    }

    StateWriter optionalInt(@Nullable Integer value) {
        return optionalNumber(value == null ? null : Long.valueOf(value));
    }

    StateWriter constant(@Nullable Enum<?> constant) {
        return optionalText(constant == null ? null : constant.name());
    }

    StateWriter texts(Map<String, String> texts) {
        number(texts.size());
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            text(entry.getKey()).text(entry.getValue());
        }
        return this;
    }

    StateWriter prices(Prices prices) {
        int known = 0;
        while (known < outcomes.size() && !outcomes.get(known).agreesWith(prices)) {
            known++;
        }
        number(known);
        if (known == outcomes.size()) {
            outcomes.add(prices);
            number(prices.size());
            for (int place = 0; place < prices.size(); place++) {
                text(prices.outcome(place));
            }
        }
        for (int place = 0; place < prices.size(); place++) {
            number(prices.price(place));
        }
        return this;
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
