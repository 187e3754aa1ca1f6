package touchline.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import touchline.update.Position;

/** A client that believes nothing: every message must follow on what it holds, and lead to what its sums say. */
final class Reader {

    /** What is held of a match. */
    static final class Holding {
        Position position;
        final SortedMap<String, String> cells;

        Holding(Position position, SortedMap<String, String> cells) {
            this.position = position;
            this.cells = cells;
        }
    }

    final Map<String, Holding> held = new HashMap<>();
    final Map<String, String> gone = new HashMap<>();
    final List<Long> ready = new ArrayList<>();
    final List<JsonNode> errors = new ArrayList<>();
    final List<String> order = new ArrayList<>();

    @Nullable
    JsonNode alive;

    int patches;
    int images;
    int compressed;
    int texts;

    /** Whole frames as they came from the relay. */
    void frames(ByteBuf bytes) {
        while (bytes.isReadable()) {
            int kind = bytes.readUnsignedByte();
            int length = bytes.readUnsignedByte();
            if (length == 126) {
                length = bytes.readUnsignedShort();
            } else if (length == 127) {
                length = (int) bytes.readLong();
            }
            byte[] payload = ByteBufUtil.getBytes(bytes.readSlice(length));
            if (kind == 0x81) {
                text(payload);
            } else if (kind == 0xc1) {
                compressed++;
                try {
                    text(Inflated.bytes(payload, 1 << 24));
                } catch (java.util.zip.DataFormatException e) {
                    throw new AssertionError(e);
                }
            } else {
                assertThat(kind).as("a close frame").isEqualTo(0x88);
            }
        }
    }

    void text(byte[] payload) {
        texts++;
        JsonNode node;
        try {
            node = Command.MAPPER.readTree(payload);
        } catch (java.io.IOException e) {
            throw new AssertionError(new String(payload, UTF_8), e);
        }
        if (node.isArray()) {
            node.forEach(this::take);
        } else {
            take(node);
        }
    }

    private void take(JsonNode message) {
        String match = message.path("match").asText();
        switch (message.path("op").asText()) {
            case "image" -> image(match, message);
            case "patch" -> patch(match, message);
            case "gone" -> {
                gone.put(match, message.path("why").asText());
                held.remove(match);
            }
            case "ready" -> ready.add(message.path("id").asLong());
            case "alive" -> alive = message;
            case "error" -> errors.add(message);
            default -> throw new AssertionError("unknown: " + message);
        }
        if (!match.isEmpty()) {
            order.add(match);
        }
    }

    private void image(String match, JsonNode message) {
        images++;
        Position position = Position.parse(message.path("pos").asText());
        Holding holding = held.get(match);
        if (holding != null) {
            assertThat(position).as("an image never goes back: %s", match).isGreaterThanOrEqualTo(holding.position);
        }
        SortedMap<String, String> cells = new TreeMap<>();
        message.path("cells")
                .properties()
                .forEach(cell -> cells.put(cell.getKey(), cell.getValue().asText()));
        verify(match, cells, message.path("sums"));
        gone.remove(match);
        held.put(match, new Holding(position, cells));
    }

    private void patch(String match, JsonNode message) {
        patches++;
        Holding holding = held.get(match);
        assertThat(holding).as("a patch for what is held: %s", message).isNotNull();
        Position from = Position.parse(message.path("from").asText());
        Position to = Position.parse(message.path("pos").asText());
        assertThat(from).as("follows on what is held: %s", message).isEqualTo(holding.position);
        assertThat(to.sameEpoch(from)).as("%s", message).isTrue();
        assertThat(to.version() - from.version())
                .as("n of %s", message)
                .isEqualTo(message.path("n").asLong());
        assertThat(to.version()).as("goes on: %s", message).isGreaterThan(from.version());
        message.path("set")
                .properties()
                .forEach(
                        cell -> holding.cells.put(cell.getKey(), cell.getValue().asText()));
        message.path("del").forEach(cell -> holding.cells.remove(cell.asText()));
        holding.position = to;
        verify(match, holding.cells, message.path("sums"));
    }

    private static void verify(String match, SortedMap<String, String> cells, JsonNode sums) {
        TreeSet<String> groups = new TreeSet<>();
        sums.fieldNames().forEachRemaining(groups::add);
        Map<String, @Nullable String> mine = Truth.sums(cells, groups);
        sums.properties()
                .forEach(sum -> assertThat(mine.get(sum.getKey()))
                        .as("sum of %s %s", match, sum.getKey())
                        .isEqualTo(
                                sum.getValue().isNull() ? null : sum.getValue().asText()));
    }

    /** What is held of a match that must be held. */
    Holding holding(String match) {
        Holding holding = held.get(match);
        if (holding == null) {
            throw new AssertionError("not held: " + match);
        }
        return holding;
    }

    boolean isAt(String match, Position position) {
        Holding holding = held.get(match);
        return holding != null && holding.position.equals(position);
    }

    JsonNode alive() {
        JsonNode alive = this.alive;
        if (alive == null) {
            throw new AssertionError("no word that the relay lives");
        }
        return alive;
    }

    /** What is held in the words of a subscription. */
    Map<String, Client.@Nullable Held> have(Columns columns) {
        Map<String, Client.@Nullable Held> have = new HashMap<>();
        held.forEach((match, holding) -> have.put(match, new Client.Held(holding.position, columns)));
        return have;
    }
}
