package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Lines, up on a logarithmic scale and across on one too or over time, as SVG that reads on white and on black. */
public final class Plot {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 420;
    private static final int LEFT = 64;
    private static final int RIGHT = 250;
    private static final int TOP = 44;
    private static final int BOTTOM = 52;
    private static final String[] COLOURS = {
        "#1f77b4", "#d9541e", "#2ca02c", "#b8339a", "#8c6d1f", "#17a2b8", "#7f5fd0", "#777777", "#c02942", "#3d9970"
    };

    private record Point(double x, double y) {}

    private final String title;
    private final String across;
    private final String up;
    private final Map<String, List<Point>> lines = new LinkedHashMap<>();
    private final List<String> ticks = new ArrayList<>();
    private final List<Double> tickAt = new ArrayList<>();
    private boolean overTime;

    public Plot(String title, String across, String up) {
        this.title = title;
        this.across = across;
        this.up = up;
    }

    /** Across are seconds. */
    public Plot overTime(int seconds) {
        overTime = true;
        for (int second = 0; second <= seconds; second += 10) {
            ticks.add(Integer.toString(second));
            tickAt.add((double) second);
        }
        return this;
    }

    /** A point of a line; both coordinates above 0, but for time. */
    public void point(String line, double x, double y) {
        lines.computeIfAbsent(line, none -> new ArrayList<>()).add(new Point(x, Math.max(y, 0.01)));
    }

    /** A histogram of us as a line over percentiles, each further nine as wide as the one before. */
    void percentiles(String line, Histogram micros) {
        if (ticks.isEmpty()) {
            for (String percentile : new String[] {"0", "50", "90", "99", "99.9", "99.99"}) {
                ticks.add(percentile + " %");
                tickAt.add(100 / (100 - Double.parseDouble(percentile)));
            }
        }
        for (double tenths = 0; tenths <= 40; tenths++) {
            double x = Math.pow(10, tenths / 10);
            point(line, x, micros.getValueAtPercentile(100 - 100 / x) / 1000.0);
        }
    }

    public void write(Path file) throws IOException {
        double minX = lines.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Point::x)
                .min()
                .orElse(1);
        double maxX = lines.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Point::x)
                .max()
                .orElse(10);
        double maxY = lines.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Point::y)
                .max()
                .orElse(10);
        double minY = lines.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Point::y)
                .min()
                .orElse(1);
        Scale x = new Scale(minX, Math.max(maxX, minX * 1.1), LEFT, WIDTH - RIGHT, overTime);
        Scale y = new Scale(
                Math.pow(10, Math.floor(Math.log10(minY))),
                Math.pow(10, Math.ceil(Math.log10(maxY) + 1e-9)),
                HEIGHT - BOTTOM,
                TOP,
                false);
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"system-ui,sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#fff\"/>%n<text x=\"%d\" y=\"24\""
                        + " font-size=\"15\" font-weight=\"600\" fill=\"#222\">%s</text>%n",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT,
                LEFT,
                title));
        for (double value = y.min; value <= y.max * 1.001; value *= 10) {
            rule(svg, LEFT, y.at(value), WIDTH - RIGHT, y.at(value));
            text(svg, LEFT - 8, y.at(value) + 4, "end", number(value));
        }
        if (ticks.isEmpty()) {
            for (double value : List.of(1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6)) {
                if (value >= x.min * 0.99 && value <= x.max * 1.01) {
                    rule(svg, x.at(value), HEIGHT - BOTTOM, x.at(value), TOP);
                    text(svg, x.at(value), HEIGHT - BOTTOM + 18, "middle", number(value));
                }
            }
        }
        for (int i = 0; i < ticks.size(); i++) {
            rule(svg, x.at(tickAt.get(i)), HEIGHT - BOTTOM, x.at(tickAt.get(i)), TOP);
            text(svg, x.at(tickAt.get(i)), HEIGHT - BOTTOM + 18, "middle", ticks.get(i));
        }
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", across);
        text(svg, LEFT - 8, TOP - 8, "end", up);
        int number = 0;
        for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
            String colour = COLOURS[number % COLOURS.length];
            StringBuilder points = new StringBuilder();
            for (Point point : line.getValue()) {
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x.at(point.x), y.at(point.y)));
            }
            svg.append(String.format(
                    Locale.ROOT,
                    "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" points=\"%s\"/>%n",
                    colour,
                    points.toString().strip()));
            if (ticks.isEmpty()) {
                for (Point point : line.getValue()) {
                    svg.append(String.format(
                            Locale.ROOT,
                            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n",
                            x.at(point.x),
                            y.at(point.y),
                            colour));
                }
            }
            double at = TOP + 8 + number * 18;
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%.1f\" width=\"14\" height=\"3\" fill=\"%s\"/>%n",
                    WIDTH - RIGHT + 16,
                    at - 4,
                    colour));
            text(svg, WIDTH - RIGHT + 36, at, "start", line.getKey());
            number++;
        }
        Files.writeString(file, svg.append("</svg>\n").toString(), UTF_8);
    }

    private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#444\">%s</text>%n",
                x,
                y,
                anchor,
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }

    private static String number(double value) {
        return value >= 1e6
                ? String.format(Locale.ROOT, "%.0f M", value / 1e6)
                : value >= 1e3
                        ? String.format(Locale.ROOT, "%.0f k", value / 1e3)
                        : value >= 1 ? String.format(Locale.ROOT, "%.0f", value) : Double.toString(value);
    }

    private record Scale(double min, double max, double from, double to, boolean linear) {
        double at(double value) {
            if (linear) {
                return from + (to - from) * (value - min) / (max - min);
            }
            return from + (to - from) * Math.log(value / min) / Math.log(max / min);
        }
    }
}
