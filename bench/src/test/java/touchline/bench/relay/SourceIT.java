package touchline.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import touchline.sandbox.RedisServer;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Shards;

@Timeout(60)
class SourceIT {

    @TempDir
    Path directory;

    @Test
    void writesToRedisWhatItSaysInOrderAndTellsWhatRedisHolds() throws Exception {
        Clock clock = new Clock(System.nanoTime());
        try (RedisServer redis = RedisServer.start(0);
                Source source = new Source(redis.uri(), 2, 3, clock)) {
            for (int n = 0; n < 500; n++) {
                source.prices(n, 2, clock.micros());
            }
            source.suspend(1, 77);
            source.suspend(2, 88);
            source.open(2);
            source.awaitConfirmed();
            Path file = directory.resolve("expected");
            source.writeExpected(file);

            assertThat(source.confirmed().getTotalCount()).isEqualTo(1002);
            List<String> lines = Files.readAllLines(file);
            assertThat(lines).hasSize(3);
            for (int match = 0; match < 3; match++) {
                Map<String, String> hash = hash(redis, new Shards(2).matchKey("bench:" + match));
                String line = "bench:" + match + " " + hash.get("#pos");
                for (String group : List.of("btts", "h2h", "match", "totals")) {
                    assertThat(hash.get("#sum/" + group)).as(group).isEqualTo(sum(hash, group));
                    line += " " + group + "=" + sum(hash, group);
                }
                assertThat(lines.get(match)).isEqualTo(line);
                assertThat(hash.get("h2h/@status")).isEqualTo(match == 1 ? "suspended" : "open");
                assertThat(hash.containsKey("h2h/@reasons")).isEqualTo(match == 1);
            }
        }
    }

    private static Map<String, String> hash(RedisServer redis, String key) {
        List<String> words =
                new ArrayList<>(Arrays.asList(redis.command("HGETALL", key).split("\n")));
        Map<String, String> hash = new TreeMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            hash.put(words.get(i), words.get(i + 1));
        }
        return hash;
    }

    private static String sum(Map<String, String> hash, String group) {
        long sum = Checksum.EMPTY;
        for (Map.Entry<String, String> cell : hash.entrySet()) {
            if (cell.getKey().startsWith(group + "/")) {
                sum = Checksum.plus(sum, MarketUpdate.field(cell.getKey()), cell.getValue());
            }
        }
        return Checksum.hex(sum);
    }
}
