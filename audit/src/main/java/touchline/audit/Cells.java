package touchline.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Two sets of cells, compared in words. */
final class Cells {

    private static final int SHOWN = 4;

    private Cells() {}

    /** The first cells that differ, as {@code h2h/home redis=1.9 fold=1.85}. */
    static String compare(
            String left,
            Map<String, ? extends @Nullable String> a,
            String right,
            Map<String, ? extends @Nullable String> b) {
        TreeSet<String> keys = new TreeSet<>(a.keySet());
        keys.addAll(b.keySet());
        List<String> lines = new ArrayList<>();
        int more = 0;
        for (String key : keys) {
            String there = text(a, key);
            String here = text(b, key);
            if (!there.equals(here)) {
                if (lines.size() < SHOWN) {
                    lines.add(key + " " + left + "=" + there + " " + right + "=" + here);
                } else {
                    more++;
                }
            }
        }
        return lines.isEmpty()
                ? "no cell differs"
                : String.join(", ", lines) + (more > 0 ? " and " + more + " more" : "");
    }

    private static String text(Map<String, ? extends @Nullable String> cells, String key) {
        return cells.containsKey(key) ? String.valueOf(cells.get(key)) : "(none)";
    }
}
