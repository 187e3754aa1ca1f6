package touchline.update;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateJsonTest {

    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "-1",
            "10",
            "1860",
            "1.85",
            "-0.25",
            "0.000001",
            "1760000000000",
            "999999999999999",
            "999999999.999999");
    private static final List<String> TEXTS = List.of(
            "",
            "-",
            "2.50",
            "-0",
            "0.0",
            "-0.0",
            "1e5",
            "1E5",
            "007",
            "00",
            "+1",
            ".5",
            "1.",
            "-.5",
            "1.2.3",
            "0x1F",
            "NaN",
            "Infinity",
            "true",
            "false",
            "null",
            " 1",
            "1 ",
            "1,5",
            "12345678901234567890",
            "1234567890123456",
            "0.0000001",
            "1.00000001",
            "١٢",
            "１",
            "⚽ 東京",
            "a\"b\\c\n",
            "\u2028",
            "{}",
            "goal,var");

    @Test
    void writesTheContractsForm() {
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        sums.put("match", "00000000000000ff");
        sums.put("btts", null);
        MarketUpdate update = new MarketUpdate(
                "m:1",
                new Position(1, 5, 2),
                MarketUpdate.Kind.PATCH,
                new TreeMap<>(Map.of("match/home_score", "1", "match/home", "1860")),
                new TreeSet<>(List.of("btts/yes")),
                sums,
                new Times(1, 2, 3, 4, 5));
        assertThat(UpdateJson.write(update))
                .asString(UTF_8)
                .isEqualTo(
                        "{\"match\":\"m:1\",\"pos\":\"1.5-2\",\"kind\":\"patch\",\"set\":{\"match/home\":1860,\"match/home_score\":1},"
                                + "\"del\":[\"btts/yes\"],\"sums\":{\"btts\":null,\"match\":\"00000000000000ff\"},"
                                + "\"times\":{\"source\":1,\"ingest\":2,\"log\":3,\"decided\":4,\"published\":5}}");
    }

    @Test
    void everyTextComesBackAsItWas() {
        Random random = new Random(2);
        for (int i = 0; i < 3_000; i++) {
            MarketUpdate update = update(random);
            byte[] json = UpdateJson.write(update);
            assertThat(UpdateJson.read(json)).isEqualTo(update);
            assertThat(UpdateJson.write(UpdateJson.read(json))).isEqualTo(json);
        }
    }

    /** A JavaScript reader has a double and writes it in its shortest form: that must be the text that was summed. */
    @Test
    void aNumberIsOnlyWhatADoubleGivesBackExactly() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            String text = i < NUMBERS.size() ? NUMBERS.get(i) : number(random);
            JsonNode value = value(text);
            if (value.isNumber()) {
                assertThat(new BigDecimal(Double.toString(value.doubleValue()))
                                .stripTrailingZeros()
                                .toPlainString())
                        .isEqualTo(text);
            } else {
                assertThat(value.textValue()).isEqualTo(text);
            }
        }
    }

    @Test
    void whatLooksLikeANumberAndIsNoneStaysAText() throws IOException {
        for (String text : TEXTS) {
            assertThat(value(text).textValue()).isEqualTo(text);
        }
        for (String text : NUMBERS) {
            assertThat(value(text).isNumber()).as(text).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "null",
                "{",
                "{}",
                "{\"match\":\"a:1\"}",
                "{\"match\":\"a:1\",\"pos\":\"1.1-1\",\"kind\":\"delta\"}",
                "{\"match\":\"a:1\",\"pos\":\"1\",\"kind\":\"patch\"}",
                "{\"match\":\"a:1\",\"pos\":\"1.1-1\",\"kind\":\"patch\",\"set\":5}",
                "{\"match\":\"a:1\",\"pos\":\"1.1-1\",\"kind\":\"patch\",\"set\":{\"a/b\":null}}",
                "{\"match\":\"a:1\",\"pos\":\"1.1-1\",\"kind\":\"patch\",\"set\":{\"a/b\":[]}}",
                "{\"match\":\"a:1\",\"pos\":\"1.1-1\",\"kind\":\"patch\",\"del\":5}",
                "{\"match\":\"a:1\",\"pos\":\"1.1-1\",\"kind\":\"patch\",\"del\":[null]}",
                "{\"match\":\"a:1\",\"pos\":\"1.1-1\",\"kind\":\"patch\",\"sums\":[]}",
                "{\"match\":\"a:1\",\"pos\":\"1.1-1\",\"kind\":\"patch\",\"times\":5}",
                "{\"match\":null,\"pos\":\"1.1-1\",\"kind\":\"patch\"}",
                "{\"match\":\"a:1\",\"pos\":\"1.1-1\",\"kind\":\"patch\"}{}"
            })
    void refusesWhatIsNoUpdate(String json) {
        assertThatThrownBy(() -> UpdateJson.read(json.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a");
    }

    @Test
    void noMutationOfAnUpdateThrowsAnythingElse() {
        Random random = new Random(4);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] json = UpdateJson.write(update(random));
            json[random.nextInt(json.length)] = (byte) random.nextInt(128);
            byte[] mutated = random.nextBoolean() ? json : Arrays.copyOf(json, random.nextInt(json.length));
            try {
                MarketUpdate read = UpdateJson.read(mutated);
                assertThat(UpdateJson.read(UpdateJson.write(read))).isEqualTo(read);
            } catch (IllegalArgumentException e) {
                refused++;
            } catch (RuntimeException e) {
                fail("mutation " + i + ": " + new String(mutated, UTF_8), e);
            }
        }
        assertThat(refused).isBetween(3_000, 9_999);
    }

    @Test
    void aCellIsAGroupAndAField() {
        assertThat(MarketUpdate.group("totals:3.5/@line")).isEqualTo("totals:3.5");
        assertThat(MarketUpdate.field("totals:3.5/@line")).isEqualTo("@line");
    }

    private static JsonNode value(String text) throws IOException {
        MarketUpdate update = new MarketUpdate(
                "a:1",
                new Position(1, 1, 1),
                MarketUpdate.Kind.PATCH,
                new TreeMap<>(Map.of("match/x", text)),
                new TreeSet<>(),
                new TreeMap<>(),
                new Times(0, 0, 0, 0, 0));
        return new ObjectMapper().readTree(UpdateJson.write(update)).get("set").get("match/x");
    }

    private static MarketUpdate update(Random random) {
        SortedMap<String, String> set = new TreeMap<>();
        SortedMap<String, @Nullable String> sums = new TreeMap<>();
        TreeSet<String> del = new TreeSet<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            List<String> texts = random.nextBoolean() ? TEXTS : NUMBERS;
            set.put(
                    "h2h/f" + random.nextInt(9),
                    random.nextBoolean() ? number(random) : texts.get(random.nextInt(texts.size())));
            sums.put("totals:" + random.nextInt(9), random.nextBoolean() ? null : Checksum.hex(random.nextLong()));
            del.add("btts/" + random.nextInt(9));
        }
        MarketUpdate.Kind kind = pick(random, MarketUpdate.Kind.values());
        Position position = new Position(random.nextInt(9), random.nextLong() >>> 11, random.nextInt(1_000));
        Times times = new Times(random.nextLong() >>> 11, 2, random.nextInt(9), 0, 5);
        return new MarketUpdate("manual:" + random.nextInt(99), position, kind, set, del, sums, times);
    }

    private static String number(Random random) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
        for (int i = 1 + random.nextInt(17); i > 0; i--) {
            text.append(random.nextInt(6) == 0 ? '.' : (char) ('0' + random.nextInt(10)));
        }
        return text.toString();
    }

    private static <T> T pick(Random random, T[] from) {
        return from[random.nextInt(from.length)];
    }
}
