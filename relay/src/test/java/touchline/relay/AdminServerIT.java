package touchline.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerIT {

    private final Counters counters = new Counters();
    private final RelayMetrics metrics = new RelayMetrics(counters, new Time() {
        @Override
        public long wallMs() {
            return 10_000;
        }

        @Override
        public long nanos() {
            return 0;
        }
    });
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile List<String> notReady = List.of();
    private AdminServer server;

    @BeforeEach
    void start() {
        server = AdminServer.start("127.0.0.1", 0, metrics, List::of, () -> notReady);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void saysWhyNoClientShouldCome() throws Exception {
        assertThat(ask("/healthz").statusCode()).isEqualTo(200);
        assertThat(ask("/readyz").statusCode()).isEqualTo(200);
        notReady = List.of("3 of 4 shards are not known yet", "draining");
        HttpResponse<String> answer = ask("/readyz");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("3 of 4 shards are not known yet\ndraining\n");
        assertThat(ask("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void tellsFiguresAsPrometheusReadsThem() throws Exception {
        metrics.shards(2);
        metrics.entries(0, 7);
        metrics.reload("gap");
        metrics.beat(0, 9_000);
        metrics.state(0, ShardState.FOLLOWING);
        metrics.published(0, 9_998);
        counters.deliveries.add(41);
        counters.connections.set(3);
        HttpResponse<String> answer = ask("/metrics");
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(answer.body().lines())
                .contains(
                        "# TYPE touchline_relay_entries_total counter",
                        "touchline_relay_entries_total 7.0",
                        "touchline_relay_deliveries_total 41.0",
                        "touchline_relay_connections 3.0",
                        "touchline_relay_shard_reloads_total{reason=\"gap\"} 1.0",
                        "touchline_relay_shard_following{shard=\"0\"} 1.0",
                        "touchline_relay_shard_following{shard=\"1\"} 0.0",
                        "touchline_relay_shard_beat_age_seconds{shard=\"0\"} 1.0",
                        "touchline_relay_shard_beat_age_seconds{shard=\"1\"} NaN",
                        "touchline_relay_shard_delay_seconds{shard=\"0\"} 0.002");
        metrics.shards(1);
        assertThat(ask("/metrics").body()).doesNotContain("shard=\"1\"");
    }

    @Test
    void refusesWhatItDoesNotHave() throws Exception {
        assertThat(ask("/").statusCode()).isEqualTo(404);
        HttpRequest post = HttpRequest.newBuilder(uri("/metrics"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertThat(http.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
        int port = server.port();
        assertThatThrownBy(() -> AdminServer.start("127.0.0.1", port, metrics, List::of, List::of))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("relay.adminPort=" + port);
    }

    private HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
