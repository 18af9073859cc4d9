package dev.outboxsync.endtoend;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the folder tree promises about the code. */
class ArchitectureTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.outboxsync");
    private static final String[] KAFKA = {"org.apache.kafka..", "org.springframework.kafka.."};

    @Test
    void no_application_knows_another() {
        String[] applications = {
            "dev.outboxsync.local..", "dev.outboxsync.relay..", "dev.outboxsync.central..", "dev.outboxsync.campaign.."
        };
        for (String application : applications) {
            for (String other : applications) {
                if (!application.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage(application)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(other)
                            .check(PRODUCT);
                }
            }
        }
    }

    @Test
    void events_know_neither_spring_nor_kafka_nor_sql() {
        noClasses()
                .that()
                .resideInAPackage("dev.outboxsync.event..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..", "org.apache.kafka..", "java.sql..", "dev.outboxsync.queue..")
                .check(PRODUCT);
    }

    @Test
    void only_kafka_packages_speak_to_kafka() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..kafka..", "dev.outboxsync.stack..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(KAFKA)
                .check(PRODUCT);
    }

    @Test
    void the_centre_does_not_know_the_sites_queue() {
        noClasses()
                .that()
                .resideInAPackage("dev.outboxsync.central..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.outboxsync.queue..")
                .check(PRODUCT);
    }

    @Test
    void the_cores_of_relay_and_centre_are_plain_java() {
        List<String> aroundTheLane =
                List.of("OutboxRelay", "RelayConfiguration", "RelayController", "RelaySettings", "LaneThread");
        List<String> aroundApplying = List.of(
                "CentralConsumer",
                "CentralConfiguration",
                "CentralProperties",
                "CentralSchema",
                "CentreHealth",
                "StartingUp",
                "JdbcCentralDatabase",
                "AppliedVersions",
                "CentralRows",
                "CentralSites",
                "CentralSweeps",
                "CentralTables",
                "Quarantine",
                "RowStatement");

        corePackage("dev.outboxsync.relay", aroundTheLane).check(PRODUCT);
        corePackage("dev.outboxsync.central", aroundApplying).check(PRODUCT);
    }

    /** All of the package but these classes and what is nested in them: drivable by a simulator, with any clock. */
    private static ArchRule corePackage(String name, List<String> others) {
        var core = DescribedPredicate.describe(
                "core of " + name,
                (JavaClass type) -> type.getPackageName().equals(name)
                        && !others.contains(outermost(type).getSimpleName()));
        return noClasses()
                .that(core)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "java.sql..", "javax.sql..")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now");
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("dev.outboxsync.(**)").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void nothing_is_named_after_no_duty() {
        classes()
                .should()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .andShould()
                .haveSimpleNameNotEndingWith("Impl")
                .andShould()
                .haveSimpleNameNotEndingWith("Processor")
                .check(PRODUCT);
    }
}
