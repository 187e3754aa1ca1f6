package touchline.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import touchline.relay.Dues.Owed;
import touchline.update.Position;

/**
 * One connection. While it keeps up it has nothing of its own: it stands where its view stands. Once it could not be written
 * to, it is owed the matches that moved since, by where it stands in each; never more than one entry a match, however long it
 * takes. Its loop's thread alone.
 */
final class Client {

    /** Of so many matches that this relay does not know a client may claim to hold something. */
    private static final int CLAIMS = 20_000;

    /** What a client said that he holds of a match. */
    record Held(Position position, Columns columns) {}

    private final Loop loop;
    private final Channel channel;
    private final Wire wire;
    private Grant grant;
    /** By the client's own numbers. */
    private final Map<Long, Wanted.Part> parts = new LinkedHashMap<>(2);

    private @Nullable View view;
    private final Dues dues = new Dues();
    private @Nullable List<Long> unready;
    private boolean ahead;
    /** The last question of his that waits for an answer. */
    private @Nullable Long ping;

    private boolean closing;
    private long stuckSinceNanos;
    private long waiting;
    private long taken;

    Client(Loop loop, Channel channel, Wire wire, Grant grant) {
        this.loop = loop;
        this.channel = channel;
        this.wire = wire;
        this.grant = grant;
    }

    int subscriptions() {
        return parts.size();
    }

    /** How many match ids and market keys his subscriptions hold, but for one. */
    int names(long but) {
        int names = 0;
        for (Map.Entry<Long, Wanted.Part> part : parts.entrySet()) {
            names += part.getKey() == but ? 0 : part.getValue().names();
        }
        return names;
    }

    boolean hasSubscription(long id) {
        return parts.containsKey(id);
    }

    Grant grant() {
        return grant;
    }

    /**
     * Subscriptions that were made together.
     *
     * @param parts by the client's own numbers; one in use is replaced
     * @param have what he holds from before this connection; null for a match that he was sent and does not hold
     */
    void subscribe(Map<Long, Wanted.Part> parts, Map<String, @Nullable Held> have) {
        this.parts.putAll(parts);
        if (unready == null) {
            unready = new ArrayList<>(parts.size());
        }
        unready.removeAll(parts.keySet());
        unready.addAll(parts.keySet());
        change(parts.values(), have);
    }

    void unsubscribe(long id) {
        if (parts.remove(id) != null) {
            if (unready != null) {
                unready.remove(id);
            }
            change(List.of(), Map.of());
        }
    }

    /** What he may see is another thing from now on. */
    void grant(Grant grant) {
        this.grant = grant;
        change(List.of(), Map.of());
    }

    /**
     * Goes over to the view of what is wanted now.
     *
     * @param asked the subscriptions that were just made
     */
    private void change(Collection<Wanted.Part> asked, Map<String, @Nullable Held> have) {
        if (closing) {
            return;
        }
        View before = view;
        Map<String, Owed> owedBefore = dues.all();
        View now = loop.join(this, Wanted.of(parts.values(), grant));
        Map<String, Owed> owes = new HashMap<>();
        for (Seat seat : now.seats()) {
            String match = seat.match.id;
            Seat seatBefore = before == null ? null : before.seat(match);
            Owed was = owedBefore.get(match);
            Position held = was != null ? was.held() : seatBefore == null ? null : seatBefore.position();
            boolean fits = seatBefore != null && seatBefore.columns.equals(seat.columns) && (was == null || was.fits());
            if (have.containsKey(match)) {
                Held said = have.get(match);
                if (said == null) {
                    held = null;
                } else if (held == null) {
                    held = said.position();
                    // Who holds more than he may see now, or perhaps does, is shown what is left.
                    fits = said.columns().equals(seat.columns);
                }
            }
            boolean first = (was != null && was.first())
                    || asked.stream().anyMatch(part -> part.select().names(factsOf(seat)));
            if (held == null || !fits || !held.equals(seat.position())) {
                owes.put(match, new Owed(held, fits, first));
            }
        }
        // What he is not to have any more, or what this relay knows less of than he does.
        Map<String, @Nullable Position> others = new HashMap<>();
        if (before != null) {
            before.seats().forEach(seat -> others.put(seat.match.id, seat.position()));
        }
        owedBefore.forEach((match, was) -> others.put(match, was.held()));
        have.forEach((match, said) -> {
            if (said == null) {
                others.remove(match);
            } else {
                others.putIfAbsent(match, said.position());
            }
        });
        others.forEach((match, held) -> {
            if (now.seat(match) == null) {
                owes.put(match, new Owed(held, false, false));
            }
        });
        view = now;
        dues.become(owes);
        if (before != null) {
            loop.leave(this, before);
        }
        catchUp(true);
        if (dues.size() > loop.board().matches().size() + CLAIMS) {
            close(CloseCode.SLOW, "more was claimed than could be answered", 0);
        }
    }

    private static Facts factsOf(Seat seat) {
        MatchState state = seat.sent;
        return state != null ? state.facts : new Facts(seat.match.id, null, null, null);
    }

    /** Where he is; with nobody who asks for nothing, before he has asked for anything. */
    private View view() {
        View view = this.view;
        if (view == null) {
            view = loop.join(this, Wanted.of(parts.values(), grant));
            this.view = view;
        }
        return view;
    }

    /** Nothing is owed: it stands where its view stands. */
    boolean isInStep() {
        return dues.isEmpty();
    }

    boolean isWritable() {
        return !closing && channel.isWritable();
    }

    void owe(String match, @Nullable Position held) {
        if (dues.isEmpty()) {
            loop.counters().fellBehind.increment();
        }
        dues.add(match, held);
    }

    /** Sends what is owed, matches in which a market closed first, for as long as he reads. */
    void catchUp() {
        catchUp(false);
    }

    /** @param vouch says with it how far all this is to be trusted */
    private void catchUp(boolean vouch) {
        View view = this.view;
        if (view == null || !isWritable()) {
            return;
        }
        ahead = false;
        List<Message> frame = new ArrayList<>();
        int bytes = 0;
        for (String match : dues.inOrder(view)) {
            if (!channel.isWritable()) {
                break;
            }
            Owed owes = dues.get(match);
            Message message = owes == null ? null : settle(view, match, owes);
            if (message == null) {
                continue;
            }
            frame.add(message);
            bytes += message.json().length;
            if (bytes >= loop.frameBytes()) {
                send(frame);
                frame.clear();
                bytes = 0;
            }
        }
        if (vouch && channel.isWritable()) {
            frame.add(alive(view));
        }
        List<Long> unready = this.unready;
        if (!dues.hasFirsts() && unready != null && channel.isWritable()) {
            this.unready = null;
            unready.forEach(id -> frame.add(Json.ready(id)));
        }
        send(frame);
    }

    /** Settles what is owed of a match, as far as it can be now. @return what to say, null for nothing */
    private @Nullable Message settle(View view, String match, Owed owes) {
        Seat seat = view.seat(match);
        Match known = loop.board().match(match);
        MatchState state = known == null ? null : known.state();
        Position held = owes.held();
        if (seat == null) {
            // What this relay knows less of than he does is not its to take away.
            boolean further =
                    state == null ? !loop.board().isWhole() : held != null && held.compareTo(state.position) > 0;
            if (further) {
                ahead = true;
                dues.settleLater(match);
                return null;
            }
            dues.settle(match);
            return Departure.of(match, state);
        }
        MatchState sent = seat.sent;
        if (sent == null) {
            return null;
        }
        if (held != null && held.compareTo(sent.position) > 0) {
            return settleBeyond(seat, state, held, owes.fits());
        }
        dues.settle(match);
        if (!owes.fits()) {
            return sent.encoded().image(seat.columns);
        }
        if (held != null && held.equals(sent.position)) {
            return null;
        }
        if (owes.first() && held != null) {
            (sent.reaches(held) ? loop.counters().resumedByPatch : loop.counters().resumedByImage).increment();
        }
        return sent.encoded().from(held, seat.columns);
    }

    /**
     * He stands further than his view. If also further than this relay, he was there with another one, and keeps what he holds
     * until this one has passed it. If not, what moved since is none of the view's columns, and may not be for long: where he
     * holds others, he is shown the match as it is, and the view comes after him.
     */
    private @Nullable Message settleBeyond(Seat seat, @Nullable MatchState state, Position held, boolean fits) {
        String match = seat.match.id;
        boolean further = state == null || held.compareTo(state.position) > 0;
        ahead |= further;
        if (state == null || further || fits) {
            dues.settleLater(match);
            return null;
        }
        dues.settle(match);
        dues.add(match, state.position);
        return state.encoded().image(seat.columns);
    }

    private void send(List<Message> messages) {
        if (!messages.isEmpty()) {
            try (Frame frame = new Frame(loop.allocator(), List.copyOf(messages))) {
                write(frame);
            }
        }
    }

    /** One write, one flush. */
    void write(Frame frame) {
        ByteBuf bytes = frame.on(wire);
        loop.counted(frame.count(), bytes.readableBytes());
        channel.writeAndFlush(bytes, channel.voidPromise());
    }

    /** Says something now, whether or not he reads: it is small, and few. */
    void say(Message message) {
        if (!closing) {
            send(List.of(message));
        }
    }

    void tellAlive(Frame alive) {
        if (ahead || ping != null) {
            sayAlive();
        } else if (isWritable()) {
            write(alive);
        }
    }

    private void sayAlive() {
        if (isWritable()) {
            say(alive(view()));
        }
    }

    /**
     * Asks how far all this is to be trusted.
     *
     * @param id the client's own number of the question, null for none
     */
    void ping(@Nullable Long id) {
        ping = id == null ? ping : id;
        sayAlive();
    }

    private Message alive(View view) {
        long now = loop.wallMs();
        Long answered = ping;
        ping = null;
        return view.alive(view.vouch(now), now, ahead, answered);
    }

    /** Once a second: is his time over, does he read? */
    void look(long nowNanos, long nowMs, Map<View, Frame> alive) {
        if (closing) {
            return;
        }
        if (nowMs >= grant.expiresAtMs()) {
            close(CloseCode.EXPIRED, "the token expired; come back with a new one", 0);
            return;
        }
        if (channel.isWritable()) {
            stuckSinceNanos = 0;
            if (!dues.isEmpty() || unready != null) {
                catchUp();
            }
            tellAlive(alive.computeIfAbsent(
                    view(), v -> new Frame(loop.allocator(), List.of(v.alive(v.vouch(nowMs), nowMs, false, null)))));
            return;
        }
        boolean takes = takes();
        if (stuckSinceNanos == 0 || takes) {
            stuckSinceNanos = nowNanos;
        } else if (nowNanos - stuckSinceNanos >= loop.slowNanos()) {
            loop.counters().slow.increment();
            close(CloseCode.SLOW, "nothing was read for " + loop.slowNanos() / 1_000_000 + " ms", 0);
        }
    }

    /** Has the socket taken anything since this was asked last? That more waits says nothing. */
    private boolean takes() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        long waiting = out == null ? 0 : out.totalPendingWriteBytes();
        long taken = out == null ? 0 : out.currentProgress();
        boolean takes = waiting < this.waiting || taken != this.taken;
        this.waiting = waiting;
        this.taken = taken;
        return takes;
    }

    /** Nobody knows what he was told. */
    void failed() {
        close(CloseCode.FAILED, "the relay failed at this; it is in its log", 0);
    }

    /** Says why, and ends the connection; without a word when there is no memory for one. */
    void close(CloseCode code, String reason, long afterMs) {
        if (closing) {
            return;
        }
        closing = true;
        Message error = Json.error(code, reason, afterMs);
        try (Frame frame = new Frame(loop.allocator(), List.of(error))) {
            channel.write(frame.on(wire), channel.voidPromise());
            Closing.end(channel, wire, code);
        } catch (RuntimeException | OutOfMemoryError e) {
            channel.close();
        }
    }

    /** The connection is no more. */
    void gone() {
        closing = true;
        View view = this.view;
        this.view = null;
        dues.become(Map.of());
        if (view != null) {
            loop.leave(this, view);
        }
    }
}
