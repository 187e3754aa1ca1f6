package touchline.relay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client says, and what comes of it: bad subscriptions are refused, bad messages end the connection. */
final class Conversation {

    private static final int BURST_SECONDS = 4;

    private final Client client;
    private final Gate gate;
    private final RelayConfig config;
    private final Allowance messages;

    Conversation(Client client, Gate gate, RelayConfig config) {
        this.client = client;
        this.gate = gate;
        this.config = config;
        this.messages = new Allowance(
                config.messagesPerSecond(), BURST_SECONDS * config.messagesPerSecond(), System.nanoTime());
    }

    /** Everything that has an answer counts. @return false when it was too much: the connection ends */
    boolean mayAsk() {
        boolean may = messages.take(System.nanoTime());
        if (!may) {
            client.close(
                    CloseCode.TOO_MANY,
                    "more than " + config.messagesPerSecond() + " messages a second",
                    config.drainMs());
        }
        return may;
    }

    void hear(byte[] message) {
        if (!mayAsk()) {
            return;
        }
        try {
            // In one array each counts as if it had come alone, but for subscriptions side by side.
            boolean counted = true;
            List<Command.Subscribe> together = new ArrayList<>();
            for (Command command : Command.readAll(message)) {
                if (command instanceof Command.Subscribe subscribe) {
                    together.add(subscribe);
                    continue;
                }
                if (!together.isEmpty()) {
                    if (!counted && !mayAsk()) {
                        return;
                    }
                    counted = false;
                    subscribe(together);
                    together.clear();
                }
                if (!counted && !mayAsk()) {
                    return;
                }
                counted = false;
                take(command);
            }
            if (!together.isEmpty() && (counted || mayAsk())) {
                subscribe(together);
            }
        } catch (Command.Malformed e) {
            client.close(CloseCode.MALFORMED, String.valueOf(e.getMessage()), 0);
        }
    }

    private void take(Command command) {
        if (command instanceof Command.Unsubscribe unsubscribe) {
            client.unsubscribe(unsubscribe.id());
        } else if (command instanceof Command.Unusable unusable) {
            client.unsubscribe(unusable.id());
            client.say(Json.refused(unusable.id(), CloseCode.MALFORMED, unusable.reason()));
        } else if (command instanceof Command.Renew renew) {
            renew(renew.token());
        } else if (command instanceof Command.Ping ping) {
            client.ping(ping.id());
        }
    }

    private void subscribe(List<Command.Subscribe> together) {
        Map<Long, Wanted.Part> parts = new LinkedHashMap<>();
        Map<String, Client.@Nullable Held> have = new HashMap<>();
        for (Command.Subscribe subscribe : together) {
            if (isAllowed(subscribe, parts)) {
                parts.put(subscribe.id(), subscribe.part());
                have.putAll(subscribe.have());
            } else if (!mayAsk()) {
                return;
            }
        }
        if (!parts.isEmpty()) {
            client.subscribe(parts, have);
        }
    }

    private boolean isAllowed(Command.Subscribe subscribe, Map<Long, Wanted.Part> others) {
        boolean isNew = !client.hasSubscription(subscribe.id()) && !others.containsKey(subscribe.id());
        if (isNew && client.subscriptions() + others.size() >= config.subscriptions()) {
            client.say(Json.refused(
                    subscribe.id(),
                    CloseCode.TOO_LARGE,
                    "more than " + config.subscriptions() + " subscriptions; end some, or select more with one"));
            return false;
        }
        int names = client.names(subscribe.id()) + subscribe.part().names();
        for (Wanted.Part other : others.values()) {
            names += other.names();
        }
        if (names > config.names()) {
            client.unsubscribe(subscribe.id());
            client.say(Json.refused(
                    subscribe.id(),
                    CloseCode.TOO_LARGE,
                    "more than " + config.names()
                            + " match ids and market keys in all subscriptions; select more with one"));
            return false;
        }
        List<Select> limits = client.grant().selects();
        if (!limits.isEmpty() && !mayName(limits, subscribe.part().select())) {
            client.unsubscribe(subscribe.id());
            client.say(Json.refused(subscribe.id(), CloseCode.FORBIDDEN, "the token does not allow this selection"));
            return false;
        }
        return true;
    }

    /** Of one kind they must be equal; across kinds only the matches themselves can tell. */
    private static boolean mayName(List<Select> limits, Select select) {
        for (Select limit : limits) {
            if (limit instanceof Select.Matches some && select instanceof Select.Matches these) {
                if (!Collections.disjoint(these.ids(), some.ids())) {
                    return true;
                }
            } else if (limit.equals(select) || limit.getClass() != select.getClass()) {
                return true;
            }
        }
        return false;
    }

    private void renew(String token) {
        try {
            client.grant(gate.open(token));
        } catch (Gate.Denied e) {
            client.close(CloseCode.UNAUTHORIZED, "token: " + e.getMessage(), 0);
        }
    }
}
