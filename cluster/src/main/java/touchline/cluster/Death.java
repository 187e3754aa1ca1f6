package touchline.cluster;

import touchline.sandbox.RedisServer;

/** Processes that are killed outright. */
enum Death implements Fault {
    TASKMANAGER_KILL("a worker that runs both jobs: kill -9, with another one that has run them, too") {
        @Override
        public void strike(Scene scene) {
            scene.roles.worker().kill();
        }

        @Override
        public void mend(Scene scene) {
            scene.startWhatIsDown("taskmanager");
            Restore.spread(scene);
        }
    },
    TASKMANAGER_KILL_COLD("a worker that runs both jobs: kill -9, with another one that has only just been started") {
        @Override
        public void strike(Scene scene) {
            scene.roles.worker().kill();
            scene.awaitRecovery();
            scene.startWhatIsDown("taskmanager");
            scene.awaitRecovery();
            scene.mark();
            scene.roles.worker().kill();
        }

        @Override
        public void mend(Scene scene) {
            scene.startWhatIsDown("taskmanager");
            Restore.spread(scene);
        }
    },
    JOBMANAGER_KILL("the leading JobManager: kill -9, with a second one there") {
        @Override
        public void strike(Scene scene) {
            scene.roles.leader().kill();
        }

        @Override
        public void mend(Scene scene) {
            scene.startWhatIsDown("jobmanager");
        }
    },
    RELAY_KILL("the relay that a client is with: kill -9, with a second one there") {
        @Override
        public void strike(Scene scene) {
            scene.roles.relay().kill();
        }

        @Override
        public void mend(Scene scene) {
            scene.startWhatIsDown("relay");
        }
    },
    REDIS_RESTART("Redis: kill -9, started again at once with what it had on disk") {
        @Override
        public void strike(Scene scene) {
            Part primary = scene.roles.redisPrimary();
            primary.kill();
            scene.back(primary.name());
        }
    },
    REDIS_WIPE("Redis and its replica: kill -9, started again at once with nothing") {
        @Override
        public void strike(Scene scene) {
            for (String name : Roles.REDIS) {
                scene.standing.part(name).kill();
                Workplace.clear(Standing.directory().resolve(name));
            }
            Roles.REDIS.forEach(scene::back);
            // For one from before, what was lost is rightly missing; a relay's client must not notice.
            scene.readAnew();
        }
    },
    REDIS_FAILOVER(
            "Redis: cut off from its replica, two seconds later kill -9; Sentinel promotes the replica, which lacks them") {
        @Override
        public void strike(Scene scene) {
            Part primary = scene.roles.redisPrimary();
            Part replica = scene.roles.redisReplica();
            scene.roles.awaitReplica();
            replica.freeze();
            RedisServer.command(primary.port(), "CLIENT", "KILL", "TYPE", "replica");
            Scene.pause(2_000);
            primary.kill();
            scene.mark();
            replica.thaw();
            scene.roles.awaitPrimary(replica);
            scene.readAnew();
        }

        @Override
        public void mend(Scene scene) {
            scene.startWhatIsDown("redis");
        }
    },
    WALSENDER_LOOP("the walsender of change capture: terminated ten times, every half second") {
        @Override
        public void strike(Scene scene) {
            for (int i = 0; i < 10; i++) {
                scene.sql(
                        "select pg_terminate_backend(active_pid) from pg_replication_slots where active_pid is not null");
                Scene.pause(500);
            }
        }
    },
    POSTGRES_KILL("PostgreSQL: kill -9, started again at once") {
        @Override
        public void strike(Scene scene) {
            scene.standing.part("postgres").kill();
            scene.again("postgres", () -> Database.answers(scene.jdbcUrl()));
        }
    },
    KAFKA_KILL("the only Kafka broker: kill -9, started again at once") {
        @Override
        public void strike(Scene scene) {
            scene.standing.part("kafka").kill();
            scene.back("kafka");
        }
    };

    private final String title;

    Death(String title) {
        this.title = title;
    }

    @Override
    public String title() {
        return title;
    }
}
