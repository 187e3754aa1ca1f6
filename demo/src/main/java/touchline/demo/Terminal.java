package touchline.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A terminal that is painted over and over without flicker: every frame goes out in one write, from the upper left
 * corner, each line cleared behind its end. It has its own screen, and gives the old one back.
 */
final class Terminal implements AutoCloseable {

    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[2J";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final long SIZE_MS = 2_000;

    private final PrintStream out;
    private final String device;
    private int width = 100;
    private int height = 40;
    private long sizedAt;
    private boolean open = true;

    private Terminal(PrintStream out, String device) {
        this.out = out;
        this.device = device;
    }

    /** Null when standard output is none. {@code ./touchline} tells, because a JVM cannot ask. */
    static @Nullable Terminal open() {
        String device = System.getProperty("touchline.tty", "");
        if (device.isEmpty() || "dumb".equals(System.getenv("TERM"))) {
            return null;
        }
        PrintStream out = System.out;
        Terminal terminal = new Terminal(out, device);
        out.print(ENTER);
        out.flush();
        return terminal;
    }

    int width() {
        measure();
        return width;
    }

    int height() {
        return height;
    }

    synchronized void paint(List<String> lines) {
        if (!open) {
            return;
        }
        StringBuilder frame = new StringBuilder(HOME);
        for (int i = 0; i < Math.min(lines.size(), height); i++) {
            frame.append(i == 0 ? "" : "\r\n").append(lines.get(i)).append(CLEAR_LINE);
        }
        frame.append(CLEAR_BELOW);
        byte[] bytes = frame.toString().getBytes(UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    private void measure() {
        long now = System.currentTimeMillis();
        if (now - sizedAt < SIZE_MS) {
            return;
        }
        sizedAt = now;
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File(device))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] size = new String(stty.getInputStream().readAllBytes(), UTF_8)
                    .strip()
                    .split(" ");
            if (stty.waitFor(1, TimeUnit.SECONDS) && size.length == 2 && Integer.parseInt(size[1]) > 0) {
                height = Integer.parseInt(size[0]);
                width = Integer.parseInt(size[1]);
            }
        } catch (IOException | NumberFormatException e) {
            // No stty here: the size stays what it was.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            out.print(LEAVE);
            out.flush();
        }
    }
}
