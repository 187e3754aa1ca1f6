package touchline.relay;

import java.util.Collections;
import java.util.List;

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

    void hear(byte[] message) {
        if (!messages.take(System.nanoTime())) {
            client.close(
                    CloseCode.TOO_MANY,
                    "more than " + config.messagesPerSecond() + " messages a second",
                    config.drainMs());
            return;
        }
        try {
            for (Command command : Command.readAll(message)) {
                take(command);
            }
        } catch (Command.Malformed e) {
            String reason = String.valueOf(e.getMessage());
            Long id = e.id();
            if (id == null) {
                client.close(CloseCode.MALFORMED, reason, 0);
            } else {
                client.unsubscribe(id);
                client.say(Json.refused(id, CloseCode.MALFORMED, reason));
            }
        }
    }

    private void take(Command command) {
        if (command instanceof Command.Subscribe subscribe) {
            subscribe(subscribe);
        } else if (command instanceof Command.Unsubscribe unsubscribe) {
            client.unsubscribe(unsubscribe.id());
        } else if (command instanceof Command.Renew renew) {
            renew(renew.token());
        } else {
            client.sayAlive();
        }
    }

    private void subscribe(Command.Subscribe subscribe) {
        if (!client.hasSubscription(subscribe.id()) && client.subscriptions() >= config.subscriptions()) {
            client.say(Json.refused(
                    subscribe.id(),
                    CloseCode.TOO_LARGE,
                    "more than " + config.subscriptions() + " subscriptions; end some, or select more with one"));
            return;
        }
        List<Select> limits = client.grant().selects();
        if (!limits.isEmpty() && !mayName(limits, subscribe.part().select())) {
            client.unsubscribe(subscribe.id());
            client.say(Json.refused(subscribe.id(), CloseCode.FORBIDDEN, "the token does not allow this selection"));
            return;
        }
        client.subscribe(subscribe.id(), subscribe.part(), subscribe.have());
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
