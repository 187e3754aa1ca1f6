package touchline.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLSocket;

/** A WebSocket client over a bare socket: says what it is told to, byte by byte, and reads only when asked to. */
final class RawClient implements AutoCloseable {

    private static final long PATIENCE_MS = 20_000;

    final Reader reader = new Reader();
    /** Status line and headers of the answer. */
    final List<String> answer = new ArrayList<>();

    private final Socket socket;
    private final DataInputStream in;
    private int closeCode;

    RawClient(Socket socket, String... headers) throws IOException {
        this.socket = socket;
        if (socket instanceof SSLSocket tls) {
            tls.startHandshake();
        }
        socket.setSoTimeout(50);
        in = new DataInputStream(socket.getInputStream());
        String host = List.of(headers).stream().anyMatch(header -> header.startsWith("Host: "))
                ? ""
                : "Host: " + socket.getInetAddress().getHostAddress() + ":" + socket.getPort() + "\r\n";
        send("GET /v1/stream HTTP/1.1\r\n" + host
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + String.join("", lines(headers)) + "\r\n");
        readAnswer();
    }

    static RawClient to(int port, String... headers) throws IOException {
        Socket socket = new Socket();
        // Small, so that one who does not read is soon felt by the other side.
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new RawClient(socket, headers);
    }

    private static List<String> lines(String... headers) {
        List<String> lines = new ArrayList<>();
        for (String header : headers) {
            lines.add(header + "\r\n");
        }
        return lines;
    }

    private void send(String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    private void readAnswer() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = patiently();
            if (b < 0) {
                return;
            }
            if (b == '\n') {
                String text = line.toString(ISO_8859_1).strip();
                line.reset();
                if (text.isEmpty()) {
                    return;
                }
                answer.add(text);
            } else {
                line.write(b);
            }
        }
    }

    private int patiently() throws IOException {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (true) {
            try {
                return in.read();
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    int status() {
        return answer.isEmpty() ? 0 : Integer.parseInt(answer.get(0).split(" ")[1]);
    }

    void say(String json) throws IOException {
        frame(0x81, json.getBytes(UTF_8));
    }

    /** Masked, as a client's must be. */
    void frame(int kind, byte[] payload) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(kind);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else if (payload.length < 1 << 16) {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        out.writeBytes(new byte[] {0, 0, 0, 0});
        out.writeBytes(payload);
        socket.getOutputStream().write(out.toByteArray());
        socket.getOutputStream().flush();
    }

    /** Reads until something is so, or fails. */
    void readUntil(String what, BooleanSupplier done) throws IOException {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain: " + what);
            }
            if (!readFrame()) {
                if (done.getAsBoolean()) {
                    return;
                }
                throw new AssertionError("closed with " + closeCode + " before: " + what + "; " + reader.errors);
            }
        }
    }

    /** Reads to the end. @return the close code, 0 when there was none */
    int readToEnd() throws IOException {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (readFrame()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it does not close");
            }
        }
        return closeCode;
    }

    private boolean readFrame() throws IOException {
        int kind;
        try {
            kind = in.read();
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
        if (kind < 0) {
            return false;
        }
        int length = patiently();
        byte[] more = new byte[length == 126 ? 2 : length == 127 ? 8 : 0];
        fully(more);
        int size = length;
        if (more.length > 0) {
            size = 0;
            for (byte b : more) {
                size = (size << 8) | (b & 0xff);
            }
        }
        byte[] payload = new byte[size];
        fully(payload);
        if (kind == 0x88) {
            closeCode = ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        } else if (kind == 0x81 || kind == 0xc1) {
            reader.frames(Unpooled.wrappedBuffer(new byte[] {(byte) kind, (byte) length}, more, payload));
        }
        return true;
    }

    private void fully(byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at++) {
            int b = patiently();
            if (b < 0) {
                throw new IOException("ends in mid-frame");
            }
            bytes[at] = (byte) b;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
