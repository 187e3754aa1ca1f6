package touchline.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;

class FlinkServerIT {

    @Test
    void runsAJobThatCheckpointsIntoRocksDbAndShowsItInTheUi() throws Exception {
        try (FlinkServer flink = FlinkServer.start(0)) {
            StreamExecutionEnvironment job = StreamExecutionEnvironment.createLocalEnvironment(2);
            job.enableCheckpointing(100);
            job.fromSequence(0, Long.MAX_VALUE - 1)
                    .keyBy(n -> n % 10)
                    .reduce(Long::max)
                    .sinkTo(new DiscardingSink<>());
            JobID id = flink.submit(job.getStreamGraph());
            Await.until("the job to run", Duration.ofSeconds(60), () -> flink.status(id) == JobStatus.RUNNING);
            Await.until(
                    "a checkpoint",
                    Duration.ofSeconds(60),
                    () -> get(flink, "/jobs/" + id + "/checkpoints").matches("(?s).*\"completed\":[1-9].*"));
            assertThat(get(flink, "/")).contains("<title>Apache Flink Web Dashboard</title>");
            flink.cancel(id);
            assertThat(flink.status(id)).isEqualTo(JobStatus.CANCELED);
        }
    }

    private static String get(FlinkServer flink, String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(flink.uiUrl() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (Exception e) {
            throw new IllegalStateException(path, e);
        }
    }
}
