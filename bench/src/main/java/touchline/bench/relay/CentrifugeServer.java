package touchline.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The process of the Go program in {@code bench/centrifuge}, and the connection by which it is given publications. */
final class CentrifugeServer implements Server, AutoCloseable {

    /** As many threads run Go as a relay has event loops here. */
    private static final Map<String, String> ENVIRONMENT = Map.of("GOMAXPROCS", "2");

    private final Child child;
    private final BufferedReader answers;
    private final PrintStream questions;
    private final int port;
    private final Socket socket;
    private final OutputStream feed;

    /** @param options as its {@code main.go} names them */
    CentrifugeServer(Path program, List<String> options, Path log) throws IOException {
        child = Child.of(program, options, ENVIRONMENT, log);
        answers = new BufferedReader(new InputStreamReader(child.process().getInputStream(), UTF_8));
        questions = new PrintStream(child.process().getOutputStream(), true, UTF_8);
        Map<String, String> answer = answer();
        port = Integer.parseInt(Fleet.word(answer, "port"));
        socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(Fleet.word(answer, "feed")));
        socket.setTcpNoDelay(true);
        feed = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public void collect() {
        questions.println("collect");
        try {
            answer();
        } catch (IOException e) {
            throw new UncheckedIOException("asking centrifuge to collect garbage", e);
        }
        Pause.millis(1000);
    }

    /** Goes out with the next {@link #flush}. */
    void publish(String channel, String message) throws IOException {
        byte[] name = channel.getBytes(UTF_8);
        byte[] payload = message.getBytes(UTF_8);
        feed.write(new byte[] {
            (byte) name.length, (byte) (payload.length >> 16), (byte) (payload.length >> 8), (byte) payload.length
        });
        feed.write(name);
        feed.write(payload);
    }

    void flush() throws IOException {
        feed.flush();
    }

    private Map<String, String> answer() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith("answer")) {
                return Fleet.words(line);
            }
        }
        throw new IOException("centrifuge's process ended");
    }

    @Override
    public void close() throws IOException {
        child.close();
        socket.close();
    }
}
