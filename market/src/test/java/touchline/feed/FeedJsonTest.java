package touchline.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeedJsonTest {

    private static final String QUOTE =
            "{\"match\":\"oddsapi:1\",\"source\":\"oddsapi/odds\",\"seq\":[1,2],\"at\":3,\"seen\":4,"
                    + "\"nextMs\":5,\"kind\":\"quotes\",\"body\":{\"quotes\":[{\"bookmaker\":\"a\",\"market\":\"totals\",\"at\":6,"
                    + "\"line\":2.5,\"prices\":{\"over\":1.85,\"under\":2}}]}}";

    @Test
    void readsBackWhatItWrote() throws RefusedException {
        FeedRecords records = new FeedRecords(1);
        for (int i = 0; i < 2_000; i++) {
            FeedRecord record = records.next();
            byte[] json = FeedJson.write(record);
            FeedRecord read = FeedJson.read(json);
            assertThat(read).isEqualTo(record);
            assertThat(FeedJson.write(read)).isEqualTo(json);
        }
    }

    @Test
    void writesTheContractsForm() {
        Quote quote = new Quote("a", "totals", 6, 2500, Map.of("under", 2000, "over", 1850));
        View view = new View(false, false, null, List.of(quote), List.of(), List.of(), null, List.of());
        FeedRecord record = new FeedRecord("oddsapi:1", "oddsapi/odds", new Seq(1, 2), 3, 4, 5, view.kind(), view);
        assertThat(FeedJson.write(record)).asString(UTF_8).isEqualTo(QUOTE);
    }

    @Test
    void aTickIsNothingButItsKind() throws RefusedException {
        FeedRecord tick = new FeedRecord("", "", new Seq(0, 0), 0, 0, 0, Kind.TICK, new Tick());
        assertThat(FeedJson.write(tick)).asString(UTF_8).isEqualTo("{\"kind\":\"tick\",\"body\":{}}");
        assertThat(FeedJson.read("{\"kind\":\"tick\"}".getBytes(UTF_8))).isEqualTo(tick);
    }

    @Test
    void readsBackAPoll() {
        View view = new View(true, false, null, List.of(), List.of(), List.of(), new Score(1, 2, false, 3), List.of());
        Polled polled = new Polled("oddsapi:1", "oddsapi/scores", new Seq(1, 2), 3, 4, 5, view);
        assertThat(FeedJson.readPolled(FeedJson.writePolled(polled))).isEqualTo(polled);
        assertThatThrownBy(() -> FeedJson.readPolled(new byte[] {'{', '}'}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("match: is required");
    }

    @Test
    void skipsFieldsItDoesNotKnow() throws RefusedException {
        String more = "{\"new\":{\"deep\":[1,{\"x\":null}]},"
                + QUOTE.substring(1).replace("\"line\":", "\"since\":[[]],\"line\":");
        assertThat(FeedJson.read(more.getBytes(UTF_8))).isEqualTo(FeedJson.read(QUOTE.getBytes(UTF_8)));
    }

    @Test
    void aKindIsNeverReadWithAnothersBody() {
        assertThatThrownBy(
                        () -> new FeedRecord("a:1", "a/b", new Seq(1, 1), 1, 1, 1, Kind.MANUAL, View.seen(List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a record of kind MANUAL with a View");
    }

    @Test
    void noMutationOfARecordThrowsAnythingButARefusal() {
        Random random = new Random(7);
        FeedRecords records = new FeedRecords(7);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] json = mutate(FeedJson.write(records.next()), random);
            try {
                FeedRecord read = FeedJson.read(json);
                assertThat(FeedJson.read(FeedJson.write(read))).isEqualTo(read);
            } catch (RefusedException e) {
                refused++;
                assertThat(e.detail()).isNotBlank();
                byte[] kept = RefusedJson.write(
                        new Refused(e.reason(), "", "", e.detail(), new String(json, UTF_8)), random.nextInt(300));
                assertThat(kept).isNotEmpty();
            } catch (RuntimeException e) {
                fail("mutation " + i + ": " + new String(json, UTF_8), e);
            }
        }
        assertThat(refused).isBetween(5_000, 19_999);
    }

    private static byte[] mutate(byte[] json, Random random) {
        byte[] mutated = json;
        for (int i = 1 + random.nextInt(3); i > 0 && mutated.length > 0; i--) {
            int at = random.nextInt(mutated.length);
            int to = at + random.nextInt(Math.min(40, mutated.length - at) + 1);
            mutated = switch (random.nextInt(5)) {
                case 0 -> splice(mutated, at, at + 1, new byte[] {(byte) random.nextInt()});
                case 1 -> splice(mutated, at, to, new byte[0]);
                case 2 -> splice(mutated, at, at, Arrays.copyOfRange(mutated, at, to));
                case 3 -> splice(mutated, at, mutated.length, new byte[0]);
                default ->
                    splice(
                            mutated,
                            at,
                            at + 1,
                            "{}[],:\"0-9.eEntu\\\0"
                                    .substring(random.nextInt(18))
                                    .substring(0, 1)
                                    .getBytes(UTF_8));
            };
        }
        return mutated;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] between) {
        byte[] spliced = new byte[bytes.length - (to - from) + between.length];
        System.arraycopy(bytes, 0, spliced, 0, from);
        System.arraycopy(between, 0, spliced, from, between.length);
        System.arraycopy(bytes, to, spliced, from + between.length, bytes.length - to);
        return spliced;
    }
}
