package touchline.cluster;

import java.util.Optional;

/** What people do to running jobs at the command line. */
enum Order implements Fault {
    CANCEL_RESTORE_LAST("both jobs: cancelled while a checkpoint is being made, run again from the last one") {
        @Override
        public void strike(Scene scene) {
            Restore.cancelAndRestore(scene, 0);
        }
    },
    CANCEL_RESTORE_BEFORE("both jobs: cancelled while a checkpoint is being made, run again from the last but one") {
        @Override
        public void strike(Scene scene) {
            Restore.cancelAndRestore(scene, 1);
        }

        @Override
        public boolean everyRevision() {
            // The slot has gone on with the last checkpoint: what lies between is told as it stands, not step by step.
            return false;
        }
    },
    RESCALE("MarketJob: stopped with a savepoint, run again with half, then with all instances") {
        @Override
        public void strike(Scene scene) {
            Restore.rescale(scene, 1);
            Restore.rescale(scene, 2);
        }
    },
    TWO_MARKETJOBS("a second MarketJob beside the first for ten seconds, without state") {
        @Override
        public void strike(Scene scene) {
            Restore.second(scene);
        }
    },
    RULES_CHANGED(
            "other market rules: refused under the same generation, from a savepoint under the next one, and from the log's beginning under the one after") {
        @Override
        public void strike(Scene scene) {
            NewRules.tryThem(scene);
        }
    },
    UPGRADE("both jobs: stopped with savepoints that an earlier version wrote, run again from them as today's") {
        @Override
        public void strike(Scene scene) {
            Restore.upgrade(scene);
        }

        @Override
        public Scenery scenery() {
            return Scenery.EARLIER;
        }

        @Override
        public Optional<String> obstacle(Scene scene) {
            return scene.standing.endpoint(Scenery.JAR).isEmpty()
                    ? Optional.of("the cluster does not run an earlier version's jobs")
                    : Optional.empty();
        }
    };

    private final String title;

    Order(String title) {
        this.title = title;
    }

    @Override
    public String title() {
        return title;
    }
}
