package touchline.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** What Java cannot send to a process of its own. */
final class Signal {

    private Signal() {}

    /** @param signal as {@code STOP} */
    static void send(String signal, Process process) {
        String said = "kill -" + signal + " " + process.pid();
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException(said + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(said, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
