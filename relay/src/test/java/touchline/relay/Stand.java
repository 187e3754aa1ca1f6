package touchline.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import touchline.config.Settings;
import touchline.update.MarketUpdate;

/** A relay without sockets or clocks: a board, one loop, and clients whose sockets a test makes writable or not. */
final class Stand implements Time {

    static final long START_MS = 1_700_000_000_000L;

    final Counters counters = new Counters();
    final Hub hub = new Hub(this);
    final RelayConfig config;
    final Board board;
    final List<Member> members = new ArrayList<>();
    private final EmbeddedChannel home = new EmbeddedChannel();
    private long nanos;
    private @Nullable Runnable meanwhile;

    Stand(Map<String, String> settings) {
        home.freezeTime();
        config = new Settings(settings).as(RelayConfig.class, "relay");
        board = new Board(config.removedMax(), config.leftoverMs(), this, counters, hub);
        hub.start(List.of(home.eventLoop()), board, config, counters);
        board.shards(1);
        board.complete(0, Set.of());
        beat();
    }

    @Override
    public long wallMs() {
        return START_MS + nanos / 1_000_000;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    /** The pipeline is alive. */
    void beat() {
        board.beat(0, wallMs(), 1);
    }

    /** Told by Redis, and out to whoever reads. */
    boolean tell(MarketUpdate... updates) {
        boolean fits = true;
        for (MarketUpdate update : updates) {
            fits &= board.update(0, update);
        }
        board.flush();
        run();
        return fits;
    }

    void run() {
        home.runPendingTasks();
    }

    /** The board hears of something while somebody is being written to, and flushes a little later. */
    void tellAmidst(List<MarketUpdate> updates) {
        meanwhile = () -> updates.forEach(update -> board.update(0, update));
    }

    /** Whether that has come about; if not, it never will. */
    boolean hasToldAmidst() {
        boolean told = meanwhile == null;
        meanwhile = null;
        board.flush();
        run();
        return told;
    }

    void pass(long ms) {
        nanos += ms * 1_000_000;
        home.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        run();
    }

    Member enter(Reader reader) {
        return enter(reader, Grant.ANYTHING);
    }

    Member enter(Reader reader, Grant grant) {
        Member member = new Member(reader, grant, members.size() % 2 == 0 ? Wire.WEBSOCKET : Wire.WEBSOCKET_DEFLATE);
        members.add(member);
        return member;
    }

    /** A client and the reader behind it. */
    final class Member {
        final Reader reader;
        final Client client;
        private final EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected void handleOutboundMessage(Object message) {
                super.handleOutboundMessage(message);
                Runnable now = meanwhile;
                if (now != null) {
                    meanwhile = null;
                    now.run();
                }
            }
        };
        private boolean reads = true;

        private Member(Reader reader, Grant grant, Wire wire) {
            this.reader = reader;
            this.client = new Client(hub.loops().get(0), channel, wire, grant);
            hub.loops().get(0).enter(client);
        }

        void subscribe(long id, Select select, Columns columns, int rateMs, Map<String, Client.@Nullable Held> have) {
            client.subscribe(Map.of(id, new Wanted.Part(select, columns, rateMs)), have);
            read();
        }

        /** What has come by now. */
        void read() {
            for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
                reader.frames(bytes);
                bytes.release();
            }
        }

        /** Does the socket take anything? */
        void reads(boolean reads) {
            if (reads != this.reads) {
                this.reads = reads;
                channel.unsafe().outboundBuffer().setUserDefinedWritability(1, reads);
                if (reads) {
                    client.catchUp();
                    read();
                }
            }
        }

        boolean isReading() {
            return reads;
        }

        boolean isOpen() {
            return channel.isOpen();
        }

        void leave() {
            read();
            hub.loops().get(0).exit(client);
            channel.finishAndReleaseAll();
            members.remove(this);
        }
    }
}
