package touchline.cluster;

/** Processes that stop for a while and go on as if nothing had been: SIGSTOP, SIGCONT. */
enum Freeze implements Fault {
    TASKMANAGER_FREEZE("a worker that runs both jobs: frozen, and thawed when others have its tasks") {
        @Override
        Part victim(Scene scene) {
            return scene.roles.worker();
        }
    },
    JOBMANAGER_FREEZE("the leading JobManager: frozen, and thawed when the second one leads") {
        @Override
        Part victim(Scene scene) {
            return scene.roles.leader();
        }
    },
    RELAY_FREEZE("the relay that a client is with: frozen, and thawed when the client is with the other") {
        @Override
        Part victim(Scene scene) {
            return scene.roles.relay();
        }
    },
    REDIS_FREEZE("Redis: frozen, and thawed when Sentinel has promoted the replica and updates flow there") {
        @Override
        Part victim(Scene scene) {
            scene.roles.awaitReplica();
            return scene.roles.redisPrimary();
        }

        @Override
        public void strike(Scene scene) {
            Part heir = scene.roles.redisReplica();
            super.strike(scene);
            scene.roles.awaitPrimary(heir);
            scene.readAnew();
        }
    },
    POSTGRES_FREEZE("PostgreSQL, every process of it: frozen for five seconds") {
        @Override
        Part victim(Scene scene) {
            return scene.standing.part("postgres");
        }

        @Override
        public void strike(Scene scene) {
            forAWhile(scene);
        }
    },
    KAFKA_FREEZE("the only Kafka broker: frozen for five seconds") {
        @Override
        Part victim(Scene scene) {
            return scene.standing.part("kafka");
        }

        @Override
        public void strike(Scene scene) {
            forAWhile(scene);
        }
    };

    private static final long WHILE_MS = 5_000;

    private final String title;

    Freeze(String title) {
        this.title = title;
    }

    abstract Part victim(Scene scene);

    @Override
    public String title() {
        return title;
    }

    @Override
    public void strike(Scene scene) {
        victim(scene).freeze();
    }

    final void forAWhile(Scene scene) {
        Part part = victim(scene);
        part.freeze();
        Scene.pause(WHILE_MS);
        part.thaw();
    }

    @Override
    public void mend(Scene scene) {
        scene.standing.parts().forEach(Part::thaw);
    }
}
