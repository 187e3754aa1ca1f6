package touchline.cluster;

import java.util.Locale;
import java.util.Set;
import touchline.sandbox.FreePort;

/** Something that goes wrong on purpose. It strikes; when things flow again, what was taken away is given back. */
enum Fault {
    TASKMANAGER_KILL("a worker that runs both jobs: kill -9") {
        @Override
        void strike(Scene scene) {
            scene.standing.part(worker(scene)).kill();
        }

        @Override
        void mend(Scene scene) {
            backAll(scene, "taskmanager");
        }
    },
    TASKMANAGER_FREEZE("a worker that runs both jobs: SIGSTOP, and SIGCONT when others have its tasks") {
        @Override
        void strike(Scene scene) {
            scene.standing.part(worker(scene)).signal("STOP");
        }

        @Override
        void mend(Scene scene) {
            scene.standing.parts("taskmanager").forEach(part -> part.signal("CONT"));
        }
    },
    JOBMANAGER_KILL("the leading JobManager: kill -9, with a second one there") {
        @Override
        void strike(Scene scene) {
            scene.leader().kill();
        }

        @Override
        void mend(Scene scene) {
            backAll(scene, "jobmanager");
        }
    },
    RELAY_KILL("the relay that a client is with: kill -9, with a second one there") {
        @Override
        void strike(Scene scene) {
            scene.standing.part("relay-" + (scene.client.relay() + 1)).kill();
        }

        @Override
        void mend(Scene scene) {
            backAll(scene, "relay");
        }
    },
    REDIS_RESTART("Redis: kill -9, started again at once with what it had on disk") {
        @Override
        void strike(Scene scene) {
            scene.standing.part("redis-primary").kill();
            back(scene, "redis-primary");
        }
    },
    REDIS_WIPE("Redis: kill -9, started again at once with nothing") {
        @Override
        void strike(Scene scene) {
            Part primary = scene.standing.part("redis-primary");
            primary.kill();
            Assembly.clear(Standing.directory().resolve("redis-primary"));
            back(scene, "redis-primary");
            // For one from before, what was lost is rightly missing; a relay's client must not notice.
            long since = scene.since();
            scene.readAnew();
            scene.reader().begin(since);
        }
    },
    WALSENDER_LOOP("the walsender of change capture: terminated ten times, every half second") {
        @Override
        void strike(Scene scene) {
            for (int i = 0; i < 10; i++) {
                scene.sql(
                        "select pg_terminate_backend(active_pid) from pg_replication_slots where active_pid is not null");
                Scene.pause(500);
            }
        }
    },
    POSTGRES_KILL("PostgreSQL: kill -9, started again at once") {
        @Override
        void strike(Scene scene) {
            scene.standing.part("postgres").kill();
            scene.again("postgres", () -> Database.answers(scene.jdbcUrl()));
        }
    },
    KAFKA_KILL("the only Kafka broker: kill -9, started again at once") {
        @Override
        void strike(Scene scene) {
            scene.standing.part("kafka").kill();
            back(scene, "kafka");
        }
    },
    CANCEL_RESTORE_LAST("both jobs: cancelled while a checkpoint is being made, run again from the last one") {
        @Override
        void strike(Scene scene) {
            Restore.cancelAndRestore(scene, 0);
        }
    },
    CANCEL_RESTORE_BEFORE("both jobs: cancelled while a checkpoint is being made, run again from the last but one") {
        @Override
        void strike(Scene scene) {
            Restore.cancelAndRestore(scene, 1);
        }

        @Override
        boolean everyRevision() {
            // The slot has gone on with the last checkpoint: what lies between is told as it stands, not step by step.
            return false;
        }
    },
    RESCALE("MarketJob: stopped with a savepoint, run again with half, then with all instances") {
        @Override
        void strike(Scene scene) {
            Restore.rescale(scene, 1);
            Restore.rescale(scene, 2);
        }
    },
    TWO_MARKETJOBS("a second MarketJob beside the first for ten seconds, without state") {
        @Override
        void strike(Scene scene) {
            Restore.second(scene);
        }
    },
    ODDS_API("the odds API: 500s, garbage, half answers, nobody quoting, slow, then frozen, two seconds each") {
        @Override
        void strike(Scene scene) {
            String api = scene.standing.endpoint("oddsApi");
            for (String fault : new String[] {
                "status=500", "kind=garbage", "kind=half", "kind=empty_bookmakers", "kind=slow&delayMs=1500"
            }) {
                scene.post(api + "/sandbox/fault?times=-1&" + fault, "POST");
                Scene.pause(2_000);
                scene.post(api + "/sandbox/heal", "POST");
            }
            scene.standing.part("odds-api").signal("STOP");
            Scene.pause(2_000);
            scene.standing.part("odds-api").signal("CONT");
        }
    },
    POISON("records that cannot be used, written into the feed log between the good ones") {
        @Override
        void strike(Scene scene) {
            Poison.pour(scene.kafka());
        }
    };

    private final String title;

    Fault(String title) {
        this.title = title;
    }

    /** In a sentence. */
    String title() {
        return title;
    }

    /** As on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    abstract void strike(Scene scene);

    /** Gives back what it took away, so that the next fault strikes a whole cluster. */
    void mend(Scene scene) {}

    /** Must every revision of an operator's document be in the log, or only the last one? */
    boolean everyRevision() {
        return true;
    }

    private static String worker(Scene scene) {
        Set<String> workers = scene.flink.workersOf("MarketJob");
        workers.retainAll(scene.flink.workersOf("IngestJob"));
        if (workers.isEmpty()) {
            workers.addAll(scene.flink.workersOf("MarketJob"));
        }
        return workers.iterator().next();
    }

    private static void back(Scene scene, String name) {
        int port = scene.standing.part(name).port();
        scene.again(name, () -> port == 0 || !FreePort.isFree(port));
    }

    private static void backAll(Scene scene, String prefix) {
        for (Part part : scene.standing.parts(prefix)) {
            if (!part.isUp()) {
                back(scene, part.name());
            }
        }
    }
}
