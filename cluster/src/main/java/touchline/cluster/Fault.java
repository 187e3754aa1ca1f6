package touchline.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Something that goes wrong on purpose. It strikes; when things flow again, what was taken away is given back. */
interface Fault {

    /** As an enum names it. */
    String name();

    /** In a sentence. */
    String title();

    void strike(Scene scene);

    /** Gives back what it took away, so that the next fault strikes a whole cluster. */
    default void mend(Scene scene) {}

    /** The installation that it can strike. */
    default Scenery scenery() {
        return Scenery.SHIPPED;
    }

    /** Why it cannot strike here, if so. */
    default Optional<String> obstacle(Scene scene) {
        return Optional.empty();
    }

    /** Must every revision of an operator's document be in the log, or only the last one? */
    default boolean everyRevision() {
        return true;
    }

    /** As on the command line. */
    default String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Every one there is, in the order in which they strike. */
    static List<Fault> all() {
        List<Fault> all = new ArrayList<>();
        all.addAll(List.of(Death.values()));
        all.addAll(List.of(Freeze.values()));
        all.addAll(List.of(Order.values()));
        all.addAll(List.of(Surroundings.values()));
        all.addAll(List.of(BadWay.values()));
        return all;
    }
}
