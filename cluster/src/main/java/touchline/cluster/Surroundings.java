package touchline.cluster;

import java.util.Optional;

/** What is wrong with the input, the clock, and the disk. */
enum Surroundings implements Fault {
    ODDS_API(
            "the odds API: 500s, garbage, half answers, nobody quoting, slow, frozen, then not there, two seconds each") {
        @Override
        public void strike(Scene scene) {
            String api = scene.standing.endpoint("oddsApi");
            for (String fault : new String[] {
                "status=500", "kind=garbage", "kind=half", "kind=empty_bookmakers", "kind=slow&delayMs=1500"
            }) {
                scene.post(api + "/sandbox/fault?times=-1&" + fault, "POST");
                Scene.pause(2_000);
                scene.post(api + "/sandbox/heal", "POST");
            }
            Part server = scene.standing.part("odds-api");
            server.freeze();
            Scene.pause(2_000);
            server.thaw();
            server.kill();
            Scene.pause(2_000);
            scene.back("odds-api");
        }

        @Override
        public void mend(Scene scene) {
            scene.standing.part("odds-api").thaw();
            scene.startWhatIsDown("odds-api");
        }
    },
    POISON("records that cannot be used, written into the feed log between the good ones") {
        @Override
        public void strike(Scene scene) {
            Poison.pour(scene.kafka());
        }
    },
    CLOCK_BACK("the Kafka broker's clock: five seconds back, and right again after ten") {
        @Override
        public void strike(Scene scene) {
            wrong(scene, -5_000);
        }

        @Override
        public void mend(Scene scene) {
            scene.brokersClock(0);
        }
    },
    CLOCK_FORTH("the Kafka broker's clock: five seconds forth, and right again after ten") {
        @Override
        public void strike(Scene scene) {
            wrong(scene, 5_000);
        }

        @Override
        public void mend(Scene scene) {
            scene.brokersClock(0);
        }
    },
    DISK_FULL("the checkpoints' disk: full for twenty seconds") {
        @Override
        public void strike(Scene scene) {
            SmallDisk.fill(scene.standing);
            Scene.pause(20_000);
            SmallDisk.empty(scene.standing);
        }

        @Override
        public void mend(Scene scene) {
            SmallDisk.empty(scene.standing);
        }

        @Override
        public Scenery scenery() {
            return Scenery.FRAGILE;
        }

        @Override
        public Optional<String> obstacle(Scene scene) {
            return SmallDisk.isThere(scene.standing)
                    ? Optional.empty()
                    : Optional.of("a small file system for the checkpoints needs root, and a cluster of its own");
        }
    };

    private static final long WRONG_MS = 10_000;

    private final String title;

    Surroundings(String title) {
        this.title = title;
    }

    private static void wrong(Scene scene, long byMs) {
        scene.brokersClock(byMs);
        Scene.pause(WRONG_MS);
        scene.brokersClock(0);
    }

    @Override
    public String title() {
        return title;
    }
}
