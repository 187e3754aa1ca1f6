package touchline.demo;

import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * The few Flink metrics that the board shows, read where they are: in this JVM. Flink makes the reporter by its name,
 * so what it hears has to be kept for the whole process.
 */
public final class Gauges implements MetricReporter {

    /** Flink finds reporters through this. */
    public static final class Factory implements MetricReporterFactory {
        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return new Gauges();
        }
    }

    private static final Set<String> SHOWN =
            Set.of("polls", "failedPolls", "standing", "stretch", "numRestarts", "heartbeatDelayMs");

    private static final Map<Metric, String> METRICS = new ConcurrentHashMap<>();

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {
        METRICS.clear();
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        if (SHOWN.contains(name)) {
            METRICS.put(metric, group.getMetricIdentifier(name));
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        METRICS.remove(metric);
    }

    /** The sum over all instances of the metrics whose scope contains one word and whose name is another. */
    static long sum(String scope, String name) {
        return named(scope, name).mapToLong(Gauges::number).sum();
    }

    static long max(String scope, String name) {
        return named(scope, name).mapToLong(Gauges::number).max().orElse(-1);
    }

    static Optional<String> text(String scope, String name) {
        return named(scope, name)
                .map(metric ->
                        metric instanceof Gauge<?> gauge ? String.valueOf(gauge.getValue()) : "" + number(metric))
                .findFirst();
    }

    private static Stream<Metric> named(String scope, String name) {
        return METRICS.entrySet().stream()
                .filter(metric -> metric.getValue().endsWith("." + name)
                        && metric.getValue().contains(scope))
                .map(Map.Entry::getKey);
    }

    private static long number(Metric metric) {
        if (metric instanceof Counter counter) {
            return counter.getCount();
        }
        return metric instanceof Gauge<?> gauge && gauge.getValue() instanceof Number number ? number.longValue() : 0;
    }
}
