package touchline;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import touchline.price.Prices;

/** The walls of the domain: what it may see, and that it has no clock, no dice and no door. */
@AnalyzeClasses(packages = "touchline", importOptions = DoNotIncludeTests.class)
class MarketWallsTest {

    @ArchTest
    static final ArchRule SEES_ONLY_THE_JDK_AND_JACKSON = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("touchline..", "java..", "com.fasterxml.jackson..", "org.jspecify..");

    @ArchTest
    static final ArchRule WHAT_WE_ARE_TOLD_KNOWS_NOTHING_ELSE = noClasses()
            .that()
            .resideInAPackage("touchline.feed")
            .should()
            .dependOnClassesThat(resideInAnyPackage("touchline.book", "touchline.update", "touchline.config")
                    .or(resideInAPackage("touchline.price").and(not(belongToAnyOf(Prices.class)))));

    @ArchTest
    static final ArchRule WHAT_WE_SAY_KNOWS_NOTHING_ELSE = noClasses()
            .that()
            .resideInAPackage("touchline.update")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("touchline.book", "touchline.price", "touchline.feed", "touchline.config");

    @ArchTest
    static final ArchRule PRICES_AND_SETTINGS_KNOW_NOTHING_OF_MATCHES = noClasses()
            .that()
            .resideInAnyPackage("touchline.price", "touchline.config")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("touchline.book", "touchline.feed", "touchline.update");

    @ArchTest
    static final ArchRule NOBODY_HAS_A_CLOCK = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.time..");

    @ArchTest
    static final ArchRule THE_BOOK_HAS_NO_DICE_NO_DOOR_AND_NO_THREADS = noClasses()
            .that()
            .resideInAnyPackage("touchline.book", "touchline.price", "touchline.update", "touchline.feed")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.net..", "java.nio.file..", "java.sql..", "java.util.concurrent..", "java.util.logging..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.util\\.(Random|UUID|SplittableRandom)|java\\.io\\.File.*|java\\.lang\\.(Thread|ThreadLocal)");

    @ArchTest
    static final ArchRule NO_FLOATING_POINT_IN_A_STATE = noFields()
            .should()
            .haveRawType(double.class)
            .orShould()
            .haveRawType(float.class)
            .orShould()
            .haveRawType(Double.class)
            .orShould()
            .haveRawType(Float.class);
}
