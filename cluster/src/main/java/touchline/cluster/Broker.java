package touchline.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/** Kafka's own server, but with a clock that can be wrong: by so many ms as the file says that is its second argument. */
final class Broker {

    private static final long LOOK_NANOS = 20_000_000;

    private Broker() {}

    /** Serves until it is asked to end, by the properties file of its first argument. */
    public static void main(String[] args) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(Path.of(args[0]))) {
            properties.load(in);
        }
        WrongClock clock = new WrongClock(Path.of(args[1]));
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), clock);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "kafka-shutdown"));
        Thread looking = new Thread(clock::look, "clock");
        looking.setDaemon(true);
        looking.start();
        server.startup();
        server.awaitShutdown();
    }

    /** Only what o'clock it is can be wrong: how long something takes is measured rightly, as on any machine. */
    private static final class WrongClock implements Time {
        private final Path file;
        private volatile long wrongByMs;

        WrongClock(Path file) {
            this.file = file;
        }

        @Override
        public long milliseconds() {
            return SYSTEM.milliseconds() + wrongByMs;
        }

        @Override
        public long nanoseconds() {
            return SYSTEM.nanoseconds();
        }

        @Override
        public void sleep(long ms) {
            SYSTEM.sleep(ms);
        }

        @Override
        public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs)
                throws InterruptedException {
            SYSTEM.waitObject(object, condition, deadlineMs - wrongByMs);
        }

        void look() {
            while (true) {
                try {
                    wrongByMs = Files.exists(file)
                            ? Long.parseLong(Files.readString(file).strip())
                            : 0;
                } catch (IOException | NumberFormatException e) {
                    // It is just being written.
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }
}
