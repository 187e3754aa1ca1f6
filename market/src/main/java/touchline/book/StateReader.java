package touchline.book;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import touchline.price.Prices;

/** Reads what {@link StateWriter} wrote, in the same order. */
final class StateReader {

    private final byte[] bytes;
    private int at;
    /** One of each set of outcomes read so far. */
    private final List<Prices> outcomes = new ArrayList<>();

    StateReader(byte[] bytes) {
        this.bytes = bytes;
    }

    long number() {
        long rest = 0;
        int shift = 0;
        byte b;
        do {
            b = bytes[at++];
            rest |= (long) (b & 0x7f) << shift;
            shift += 7;
        } while (b < 0);
        return (rest >>> 1) ^ -(rest & 1);
    }

    int count() {
        return (int) number();
    }

    boolean flag() {
        return number() != 0;
    }

    String text() {
        int length = count();
        String text = new String(bytes, at, length, UTF_8);
        at += length;
        return text;
    }

    @Nullable
    String optionalText() {
        return flag() ? text() : null;
    }

    @Nullable
    Long optionalNumber() {
        return flag() ? number() : null;
    }

    @Nullable
    Integer optionalInt() {
        return flag() ? (int) number() : null;
    }

    <E extends Enum<E>> @Nullable E constant(Class<E> type) {
        String name = optionalText();
        return name == null ? null : Enum.valueOf(type, name);
    }

    SortedMap<String, String> texts() {
        SortedMap<String, String> texts = new TreeMap<>();
        for (int i = count(); i > 0; i--) {
            texts.put(text(), text());
        }
        return texts;
    }

    Prices prices() {
        int known = count();
        if (known == outcomes.size()) {
            Prices.Builder first = new Prices.Builder();
            for (int i = count(); i > 0; i--) {
                first.put(text(), 0);
            }
            outcomes.add(first.build());
        }
        Prices agreed = outcomes.get(known);
        int[] milli = new int[agreed.size()];
        for (int place = 0; place < milli.length; place++) {
            milli[place] = count();
        }
        return agreed.of(milli);
    }
}
