package touchline.bench.relay;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How a crowd and the servers before it speak; what is said of matches is the same in each. */
enum Dialect {

    /** A relay's protocol. */
    RELAY("/v1/stream", "touchline.v1", false) {
        @Override
        String hello(String select, String rest, String have) {
            return "{\"op\":\"sub\",\"id\":1,\"select\":" + select + rest + ",\"have\":" + have + "}";
        }

        @Override
        List<Message> read(JsonParser json, Frames frames) throws IOException {
            List<Message> messages = new ArrayList<>();
            JsonToken first = json.nextToken();
            if (first == JsonToken.START_ARRAY) {
                while (json.nextToken() == JsonToken.START_OBJECT) {
                    messages.add(frames.message(json));
                }
            } else if (first == JsonToken.START_OBJECT) {
                messages.add(frames.message(json));
            }
            if (messages.isEmpty() || json.nextToken() != null) {
                throw new IllegalArgumentException("neither a message nor an array of messages");
            }
            return messages;
        }
    },

    /**
     * Centrifugo's client protocol in JSON: replies, one a line, many of which may share a frame. The connect command
     * names the channels, one a match, and each publication in them is a relay's message. Nothing is asked for again
     * after a connection ended, so a crowd that loses one sees gaps.
     */
    CENTRIFUGE("/connection/websocket", "centrifuge-json", true) {
        @Override
        String hello(String select, String rest, String have) {
            return "{\"id\":1,\"connect\":{\"data\":" + select + rest + "}}";
        }

        @Override
        List<Message> read(JsonParser json, Frames frames) throws IOException {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                Message message = reply(json, frames);
                if (json.nextToken() == null) {
                    return List.of(message);
                }
            }
            throw new IllegalArgumentException("not one reply a line");
        }
    };

    final String path;
    final String subprotocol;
    /** Whether a frame is lines, each read by itself. */
    final boolean lines;

    Dialect(String path, String subprotocol, boolean lines) {
        this.lines = lines;
        this.path = path;
        this.subprotocol = subprotocol;
    }

    /**
     * What a client says first.
     *
     * @param select what it wants to be told of
     * @param rest further fields, each with a comma before it
     * @param have what it holds
     */
    abstract String hello(String select, String rest, String have);

    /**
     * The messages of one frame, or of one line of it.
     *
     * @throws IllegalArgumentException when it is none of this dialect
     */
    abstract List<Message> read(JsonParser json, Frames frames) throws IOException;

    /** The parser stands at the reply's beginning. */
    private static Message reply(JsonParser json, Frames frames) throws IOException {
        Message message = null;
        boolean empty = true;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            empty = false;
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "push" -> message = push(json, frames);
                case "connect" -> {
                    message = new Message(Message.Op.READY);
                    json.skipChildren();
                }
                case "error" -> message = error(json);
                default -> json.skipChildren();
            }
        }
        if (empty) {
            return new Message(Message.Op.PING);
        }
        if (message == null) {
            throw new IllegalArgumentException("a reply with neither push, connect nor error");
        }
        return message;
    }

    private static Message push(JsonParser json, Frames frames) throws IOException {
        Message message = null;
        String channel = "";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "channel" -> channel = json.getText();
                case "pub" -> {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String field = json.currentName();
                        json.nextToken();
                        if (field.equals("data")) {
                            message = frames.message(json);
                        } else {
                            json.skipChildren();
                        }
                    }
                }
                default -> json.skipChildren();
            }
        }
        if (message == null || message.match != frames.match(channel)) {
            throw new IllegalArgumentException("in the channel " + channel + ", no message of that match");
        }
        return message;
    }

    private static Message error(JsonParser json) throws IOException {
        Message message = new Message(Message.Op.ERROR);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("code")) {
                message.code = json.getIntValue();
            } else {
                json.skipChildren();
            }
        }
        return message;
    }
}
