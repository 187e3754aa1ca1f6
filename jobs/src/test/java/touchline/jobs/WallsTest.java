package touchline.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls between the rooms. */
@AnalyzeClasses(packages = "touchline", importOptions = WallsTest.Product.class)
class WallsTest {

    /** What is shipped: neither this module's tests nor the tests' jar of another. */
    static final class Product implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("-tests.jar");
        }
    }

    private static final String[] MARKET = {
        "touchline.feed..", "touchline.book..", "touchline.price..", "touchline.update..", "touchline.config.."
    };

    @ArchTest
    static final ArchRule theMarketKnowsTheJdkAndJacksonOnly = noClasses()
            .that()
            .resideInAnyPackage(MARKET)
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages(
                    "touchline.feed..",
                    "touchline.book..",
                    "touchline.price..",
                    "touchline.update..",
                    "touchline.config..",
                    "java..",
                    "com.fasterxml.jackson.core..",
                    "org.jspecify.annotations..");

    @ArchTest
    static final ArchRule connectorsDoNotSeeEachOther =
            slices().matching("touchline.(oddsapi|postgres|redis)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule onlyTheJobsKnowAll = noClasses()
            .that()
            .resideOutsideOfPackage("touchline.jobs..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("touchline.jobs..");

    @ArchTest
    static final ArchRule theMachineHasNoClockNoRandomnessAndNoLog = noClasses()
            .that()
            .resideInAnyPackage("touchline.book..", "touchline.price..", "touchline.update..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(java.util.Random.class, java.time.Clock.class, java.time.Instant.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("org.slf4j..");
}
