package touchline.cluster;

import java.util.Optional;

/** Ways between parts that are slow and lossy, or on which for a while nothing passes. */
enum BadWay implements Fault {
    SLOW_JOBS_REDIS(Route.JOBS_REDIS, Weather.SLOW),
    HOLE_JOBS_REDIS(Route.JOBS_REDIS, Weather.HOLE),
    LOST_JOBS_REDIS(Route.JOBS_REDIS, Weather.LOST),
    SLOW_JOBS_KAFKA(Route.JOBS_KAFKA, Weather.SLOW),
    HOLE_JOBS_KAFKA(Route.JOBS_KAFKA, Weather.HOLE),
    LOST_JOBS_KAFKA(Route.JOBS_KAFKA, Weather.LOST),
    SLOW_JOBS_POSTGRES(Route.JOBS_POSTGRES, Weather.SLOW),
    HOLE_JOBS_POSTGRES(Route.JOBS_POSTGRES, Weather.HOLE),
    LOST_JOBS_POSTGRES(Route.JOBS_POSTGRES, Weather.LOST),
    SLOW_RELAY_REDIS(Route.RELAY_REDIS, Weather.SLOW),
    HOLE_RELAY_REDIS(Route.RELAY_REDIS, Weather.HOLE),
    LOST_RELAY_REDIS(Route.RELAY_REDIS, Weather.LOST),
    SLOW_CLIENT_RELAY(Route.CLIENT_RELAY_1, Weather.SLOW),
    HOLE_CLIENT_RELAY(Route.CLIENT_RELAY_1, Weather.HOLE),
    LOST_CLIENT_RELAY(Route.CLIENT_RELAY_1, Weather.LOST);

    private final Route route;
    private final Weather weather;

    BadWay(Route route, Weather weather) {
        this.route = route;
        this.weather = weather;
    }

    /** How bad. */
    private enum Weather {
        SLOW("80 ms more each way for five seconds, then every twentieth packet lost for five") {
            @Override
            void over(Scene scene, Route route) {
                scene.way(route, "delayMs=80");
                Scene.pause(5_000);
                scene.way(route, "delayMs=0&lossPercent=5");
                Scene.pause(5_000);
            }
        },
        HOLE("nothing passes for five seconds, then all that was held up") {
            @Override
            void over(Scene scene, Route route) {
                scene.way(route, "blocked=true");
                Scene.pause(5_000);
            }
        },
        LOST("nothing passes for thirty seconds, connections that were open never answer again") {
            @Override
            void over(Scene scene, Route route) {
                scene.way(route, "blocked=true");
                Scene.pause(30_000);
                scene.way(route, "forget=true");
            }
        };

        private final String title;

        Weather(String title) {
            this.title = title;
        }

        abstract void over(Scene scene, Route route);
    }

    @Override
    public String title() {
        return "between " + (route == Route.CLIENT_RELAY_1 ? "a client and its relay" : route.between()) + ": "
                + weather.title;
    }

    @Override
    public void strike(Scene scene) {
        weather.over(scene, way(scene));
        mend(scene);
    }

    /** A client may be with either relay. */
    private Route way(Scene scene) {
        return route == Route.CLIENT_RELAY_1 && scene.client().relay() == 1 ? Route.CLIENT_RELAY_2 : route;
    }

    @Override
    public void mend(Scene scene) {
        for (Route each : Route.values()) {
            scene.way(each, "delayMs=0&lossPercent=0&blocked=false");
        }
    }

    @Override
    public Scenery scenery() {
        return Scenery.FRAGILE;
    }

    @Override
    public Optional<String> obstacle(Scene scene) {
        return scene.standing.endpoint("network").isEmpty()
                ? Optional.of("the cluster has no ways that can be made bad: run without --keep")
                : Optional.empty();
    }
}
