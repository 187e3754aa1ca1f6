package touchline.cluster;

import java.util.Locale;

/** A way between two parts that can be made bad. */
enum Route {
    JOBS_REDIS("jobs and Redis"),
    JOBS_KAFKA("jobs and Kafka"),
    JOBS_POSTGRES("IngestJob and PostgreSQL"),
    RELAY_REDIS("relays and Redis"),
    CLIENT_RELAY_1("clients and the first relay"),
    CLIENT_RELAY_2("clients and the second relay");

    private final String between;

    Route(String between) {
        this.between = between;
    }

    String between() {
        return between;
    }

    /** Also the name of its endpoint, whose value is its port. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
