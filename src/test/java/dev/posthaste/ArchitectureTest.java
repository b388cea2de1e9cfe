package dev.posthaste;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;

/** Which package may know which. A new package or arrow is entered here first. */
@AnalyzeClasses(packages = "dev.posthaste", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.posthaste";

  @ArchTest static final ArchRule EVENT = mayKnow("event");
  @ArchTest static final ArchRule SETTINGS = mayKnow("settings");
  @ArchTest static final ArchRule LANE = mayKnow("lane", "event");
  @ArchTest static final ArchRule CONTRACT = mayKnow("contract", "event");
  @ArchTest static final ArchRule REGISTRY = mayKnow("registry", "event");
  @ArchTest static final ArchRule HTTP = mayKnow("http", "event", "registry");
  @ArchTest static final ArchRule STORE = mayKnow("store", "event", "settings");
  @ArchTest static final ArchRule SEND = mayKnow("send", "event", "contract", "settings");

  @ArchTest
  static final ArchRule CLUSTER = mayKnow("cluster", "event", "registry", "store", "settings");

  @ArchTest static final ArchRule JOBS = mayKnow("jobs", "event", "registry", "store", "settings");

  @ArchTest
  static final ArchRule OPS =
      mayKnow("ops", "event", "contract", "registry", "store", "http", "settings");

  @ArchTest
  static final ArchRule INGEST =
      mayKnow("ingest", "event", "contract", "registry", "store", "http", "settings");

  @ArchTest
  static final ArchRule DISPATCH =
      mayKnow("dispatch", "event", "contract", "registry", "store", "lane", "send", "settings");

  @ArchTest
  static final ArchRule STREAM =
      mayKnow("stream", "event", "registry", "store", "http", "settings");

  /** A client: it knows the server by its API alone. */
  @ArchTest static final ArchRule CLI = mayKnow("cli", "event", "contract");

  @ArchTest
  static final ArchRule ALERT =
      mayKnow("alert", "event", "contract", "registry", "store", "dispatch", "settings");

  /** Implements the observers of the running parts, which know nothing of it. */
  @ArchTest
  static final ArchRule TELEMETRY =
      mayKnow(
          "telemetry", "event", "registry", "store", "ingest", "dispatch", "cluster", "settings");

  @ArchTest
  static final ArchRule TRACING = mayKnow("tracing", "event", "ingest", "dispatch", "settings");

  @ArchTest
  static final ArchRule ONLY_TRACING_KNOWS_OPENTELEMETRY =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".tracing..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..");

  @ArchTest
  static final ArchRule ONLY_TELEMETRY_KNOWS_MICROMETER =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".telemetry..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "io.prometheus..", "io.vertx.micrometer..");

  /** To test an endpoint is to send to it, so the management routes know {@code send}. */
  @ArchTest
  static final ArchRule API =
      mayKnow("api", "event", "contract", "registry", "store", "http", "send", "settings");

  @ArchTest
  static final ArchRule WORDS_ARE_PLAIN_JAVA =
      classes()
          .that()
          .resideInAPackage(ROOT + ".event..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", ROOT + ".event..");

  @ArchTest
  static final ArchRule LANES_AND_CONTRACTS_KNOW_NO_FRAMEWORK =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + ".lane..", ROOT + ".contract..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..", "java.sql..");

  @ArchTest
  static final ArchRule ONLY_STORE_SPEAKS_TO_POSTGRESQL =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + ".store..", ROOT + ".ingest..", ROOT)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.pgclient..", "io.vertx.sqlclient..", "org.postgresql..");

  @ArchTest
  static final ArchRule NOBODY_KNOWS_THE_ROOT =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT);

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  private static ArchRule mayKnow(String name, String... others) {
    String[] allowed =
        Stream.concat(Stream.of(name), Stream.of(others))
            .map(other -> ROOT + "." + other + "..")
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(allowed)
                .or(
                    com.tngtech.archunit.base.DescribedPredicate.not(
                        resideInAPackage(ROOT + ".."))))
        .allowEmptyShould(true);
  }
}
