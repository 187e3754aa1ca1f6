package touchline.bench.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.update.Checksum;
import touchline.update.MarketUpdate;
import touchline.update.Position;

/**
 * Reads a server's frames. A crowd is sent the same bytes thousands of times: a frame whose bytes all equal those of one
 * read before is not parsed again. Confined to one thread.
 */
final class Frames {

    /** The cell in which the source says when it meant to send. */
    static final String STAMP = "h2h/home";
    /** The cell whose change is a suspension; its value is when. */
    static final String SUSPENSION = "h2h/@epoch";

    private static final JsonFactory JSON = new JsonFactory();
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int KNOWN = 1 << 12;

    private static final class Known {
        final byte[] bytes;
        final List<Message> messages;

        Known(byte[] bytes, List<Message> messages) {
            this.bytes = bytes;
            this.messages = messages;
        }
    }

    private final Dialect dialect;
    private final @Nullable Known[] known = new Known[KNOWN];
    private final Numbers matches = new Numbers();
    private final Numbers cells = new Numbers();
    private final Numbers groups = new Numbers();
    private int[] groupOf = new int[64];
    private long parsed;

    /** Names in the order in which they were first seen. */
    private static final class Numbers {
        final Map<String, Integer> numbers = new HashMap<>();
        final List<String> names = new ArrayList<>();

        int of(String name) {
            Integer number = numbers.get(name);
            if (number == null) {
                number = names.size();
                names.add(name);
                numbers.put(name, number);
            }
            return number;
        }
    }

    Frames(Dialect dialect) {
        this.dialect = dialect;
    }

    /** @throws IllegalArgumentException when the bytes are no frame of the dialect */
    List<Message> read(byte[] bytes, int from, int to) {
        int slot = slot(bytes, from, to);
        Known known = this.known[slot];
        if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, bytes, from, to)) {
            return known.messages;
        }
        List<Message> messages = dialect.lines ? lines(bytes, from, to) : parse(bytes, from, to);
        this.known[slot] = new Known(Arrays.copyOfRange(bytes, from, to), messages);
        return messages;
    }

    /** How many different frames, or lines of such, there were, about. */
    long parsed() {
        return parsed;
    }

    int match(String name) {
        return matches.of(name);
    }

    String matchName(int match) {
        return matches.names.get(match);
    }

    int group(String name) {
        return groups.of(name);
    }

    String groupName(int group) {
        return groups.names.get(group);
    }

    int groupOf(int cell) {
        return groupOf[cell];
    }

    int matchCount() {
        return matches.names.size();
    }

    private static int slot(byte[] bytes, int from, int to) {
        long hash = (long) to - from;
        int step = Math.max(8, (to - from) / 64);
        for (int at = to - 8; at >= from; at -= step) {
            hash = (hash ^ (long) LONGS.get(bytes, at)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return (int) (hash >>> 40) & (KNOWN - 1);
    }

    /** A server whose connections each cut their frames where they will still sends all of them the same lines. */
    private List<Message> lines(byte[] bytes, int from, int to) {
        List<Message> messages = new ArrayList<>();
        int line = from;
        for (int at = from; at < to; at++) {
            if (bytes[at] == '\n') {
                messages.addAll(read(bytes, line, at));
                line = at + 1;
            }
        }
        if (line == from) {
            return parse(bytes, from, to);
        }
        messages.addAll(read(bytes, line, to));
        return messages;
    }

    private List<Message> parse(byte[] bytes, int from, int to) {
        parsed++;
        try (JsonParser json = JSON.createParser(bytes, from, to - from)) {
            return dialect.read(json, this);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** A relay's message; the parser stands at its beginning. */
    Message message(JsonParser json) throws IOException {
        Message message = new Message(Message.Op.ALIVE);
        Cells cells = new Cells();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "op" -> message.op = op(json.getText());
                case "match" -> message.match = matches.of(json.getText());
                case "from" -> message.from = Position.parse(json.getText());
                case "pos" -> message.pos = Position.parse(json.getText());
                case "n" -> message.n = json.getIntValue();
                case "code" -> message.code = json.getIntValue();
                case "late" -> message.late = json.getBooleanValue();
                case "set", "cells" -> set(json, message, cells);
                case "del" -> {
                    while (json.nextToken() == JsonToken.VALUE_STRING) {
                        cells.add(cell(json.getText()), 0);
                    }
                }
                case "sums" -> sums(json, message);
                default -> json.skipChildren();
            }
        }
        message.cells = cells.numbers();
        message.sums = cells.sums();
        return message;
    }

    private void set(JsonParser json, Message message, Cells cells) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String cell = json.currentName();
            json.nextToken();
            String value = json.getText();
            cells.add(cell(cell), Checksum.plus(Checksum.EMPTY, MarketUpdate.field(cell), value));
            if (cell.equals(STAMP)) {
                message.stamp = Clock.micros(value);
            } else if (cell.equals(SUSPENSION)) {
                message.suspension = Long.parseLong(value);
            }
        }
    }

    private void sums(JsonParser json, Message message) throws IOException {
        Cells sums = new Cells();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            int group = groups.of(json.currentName());
            sums.add(group, json.nextToken() == JsonToken.VALUE_NULL ? 0 : Long.parseUnsignedLong(json.getText(), 16));
        }
        message.groups = sums.numbers();
        message.told = sums.sums();
    }

    private int cell(String name) {
        int cell = cells.of(name);
        if (cell == groupOf.length) {
            groupOf = Arrays.copyOf(groupOf, 2 * cell);
        }
        groupOf[cell] = groups.of(MarketUpdate.group(name));
        return cell;
    }

    private static Message.Op op(String text) {
        return switch (text) {
            case "patch" -> Message.Op.PATCH;
            case "image" -> Message.Op.IMAGE;
            case "ready" -> Message.Op.READY;
            case "gone" -> Message.Op.GONE;
            case "alive" -> Message.Op.ALIVE;
            case "error" -> Message.Op.ERROR;
            default -> throw new IllegalArgumentException("op=" + text);
        };
    }

    /** Numbers and their sums, growing. */
    private static final class Cells {
        private int[] numbers = new int[8];
        private long[] sums = new long[8];
        private int count;

        void add(int number, long sum) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
                sums = Arrays.copyOf(sums, 2 * count);
            }
            numbers[count] = number;
            sums[count++] = sum;
        }

        int[] numbers() {
            return Arrays.copyOf(numbers, count);
        }

        long[] sums() {
            return Arrays.copyOf(sums, count);
        }
    }
}
