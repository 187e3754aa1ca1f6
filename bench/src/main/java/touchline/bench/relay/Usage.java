package touchline.bench.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a process has used so far, as Linux tells it. */
final class Usage {

    /** Linux counts processor time in hundredths of a second here, whatever the kernel's own tick. */
    private static final double TICKS = 100;

    private Usage() {}

    /** Processor seconds, in user and kernel mode. */
    static double cpuSeconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS;
        } catch (IOException e) {
            throw new IllegalStateException("process " + pid + " is gone", e);
        }
    }

    /** Resident memory in KB. */
    static long residentKb(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            throw new IllegalStateException("/proc/" + pid + "/status has no VmRSS");
        } catch (IOException e) {
            throw new IllegalStateException("process " + pid + " is gone", e);
        }
    }

    /** Processor seconds of the whole machine that were not idle, those stolen by its host included. */
    static double machineSeconds() {
        try {
            String[] fields =
                    Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split(" +");
            double busy = 0;
            for (int i = 1; i <= 8; i++) {
                // Neither idle nor waiting for a disk.
                busy += i == 4 || i == 5 ? 0 : Long.parseLong(fields[i]);
            }
            return busy / TICKS;
        } catch (IOException e) {
            throw new IllegalStateException("/proc/stat", e);
        }
    }
}
