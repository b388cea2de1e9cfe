package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.posthaste.event.EventFilter;
import dev.posthaste.event.EventType;
import dev.posthaste.event.EventType.Stability;
import dev.posthaste.event.ResourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogReaderTest {
  private static final Catalogs SHIPPED = CatalogReader.read(Optional.empty());

  /** Prefix and last words of every type, in the order of the catalog's source. */
  private static final String CASEDEV =
      """
      vault.upload: initiated completed failed
      vault.object.append: started completed failed
      vault.ingest: started completed failed
      ocr.job: created completed failed
      voice.transcription: created reused completed failed deleted
      agent: created updated deleted
      agent.run: created started completed failed cancelled
      agent.runtime: started reused failed
      agent.scope: activated activation_failed reused
      agent.worker: ready failed
      agent.chat.session: created resumed aborted
      agent.chat.turn: accepted started completed failed conflict
      matter: created updated
      work_item.execution: completed failed
      billing.charge: succeeded failed
      balance: changed
      compute.run: completed failed
      deployment: succeeded failed
      webhook.endpoint: auto_disabled
      """;

  @TempDir Path folder;

  @Test
  void casedev_has_its_53_types_by_scope() {
    Map<String, Long> byScope =
        catalog("casedev").byName().values().stream()
            .collect(
                Collectors.groupingBy(type -> type.scope().orElseThrow(), Collectors.counting()));

    assertThat(catalog("casedev").byName()).hasSize(53);
    assertThat(byScope)
        .containsOnly(
            Map.entry("vault", 9L),
            Map.entry("vision_ocr", 3L),
            Map.entry("transcription", 5L),
            Map.entry("agent", 24L),
            Map.entry("legal", 4L),
            Map.entry("webhooks", 6L),
            Map.entry("compute", 2L));
  }

  @Test
  void casedev_has_every_type_by_name() {
    List<String> names =
        CASEDEV
            .lines()
            .map(line -> line.split(": ", 2))
            .flatMap(parts -> Stream.of(parts[1].split(" ")).map(word -> parts[0] + "." + word))
            .toList();

    assertThat(catalog("casedev").byName().keySet()).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void stability_and_resource_follow_the_family() {
    assertThat(catalog("casedev").byName().values())
        .allSatisfy(
            type -> {
              String scope = type.scope().orElseThrow();
              boolean beta = scope.equals("agent") || scope.equals("legal");
              assertThat(type.stability()).isEqualTo(beta ? Stability.BETA : Stability.STABLE);
              assertThat(type.resource()).isEqualTo(resourceOf(scope));
            });
  }

  @Test
  void agentpost_and_offload_have_their_types() {
    assertThat(catalog("agentpost").byName().keySet())
        .containsExactlyInAnyOrder(
            "message.received",
            "message.sent",
            "message.delivered",
            "message.bounced",
            "message.complained",
            "message.rejected",
            "domain.verified");
    assertThat(catalog("offload").byName().keySet())
        .containsExactlyInAnyOrder("case.completed", "case.failed", "case.input_needed");
  }

  @Test
  void every_type_is_described_in_a_sentence_of_its_own() {
    for (Catalog catalog : SHIPPED.byName().values()) {
      assertThat(catalog.byName().values())
          .extracting(EventType::description)
          .doesNotHaveDuplicates()
          .allMatch(text -> text.endsWith(".") && text.length() > 20);
    }
  }

  @Test
  void a_filter_that_can_match_nothing_is_told_apart() {
    Catalog casedev = catalog("casedev");

    assertThat(casedev.canMatch(new EventFilter("*"))).isTrue();
    assertThat(casedev.canMatch(new EventFilter("vault.*"))).isTrue();
    assertThat(casedev.canMatch(new EventFilter("vault.object.append.failed"))).isTrue();
    assertThat(casedev.canMatch(new EventFilter("vault"))).isFalse();
    assertThat(casedev.canMatch(new EventFilter("invoice.*"))).isFalse();
    assertThat(casedev.type("vault.ingest.completed")).isPresent();
    assertThat(casedev.type("vault.*")).isEmpty();
  }

  @Test
  void all_faults_are_named_at_once() throws IOException {
    Files.writeString(
        folder.resolve("mine.json"),
        """
        {"eventTypes": [
          {"type": "a.*", "stability": "solid", "description": "", "schema": 1, "example": {}},
          {"type": "a.b", "stability": "beta", "resource": "vault", "description": "Something.",
           "schema": {}, "example": {}, "sheme": {}},
          {"type": "a.b", "stability": "beta", "description": "Again.", "schema": {}, "example": {}},
          7
        ], "more": true}
        """);

    assertThat(faults())
        .contains("mine.json: eventTypes[0].type: must be a name")
        .contains("mine.json: eventTypes[0].stability: must be one of stable, beta; is \"solid\"")
        .contains("mine.json: eventTypes[0].description: must be a text")
        .contains("mine.json: eventTypes[0].schema: must be an object")
        .contains("mine.json: eventTypes[1].resource: needs a property vaultId in the schema")
        .contains("mine.json: eventTypes[1].sheme: unknown key")
        .contains("mine.json: eventTypes[2].type: must stand once; a.b stands twice")
        .contains("mine.json: eventTypes[3]: must be keys and values; is 7")
        .contains("mine.json: more: unknown key; allowed here: eventTypes");
  }

  @Test
  void an_empty_catalog_and_broken_json_are_faults() throws IOException {
    Files.writeString(folder.resolve("empty.json"), "{\"eventTypes\": []}");
    Files.writeString(folder.resolve("broken.json"), "{\"eventTypes\": [}");
    Files.writeString(folder.resolve("twice.json"), "{\"eventTypes\": [], \"eventTypes\": []}");

    assertThat(faults())
        .contains("empty.json: eventTypes: is required: a list with at least one entry")
        .contains("broken.json: line 1: ")
        .contains("twice.json: line 1: Duplicate");
  }

  private String faults() {
    InvalidDefinitionException thrown =
        catchThrowableOfType(
            InvalidDefinitionException.class, () -> CatalogReader.read(Optional.of(folder)));
    assertThat(thrown).isNotNull();
    return thrown.getMessage();
  }

  private static Optional<ResourceKind> resourceOf(String scope) {
    return switch (scope) {
      case "vault" -> Optional.of(ResourceKind.VAULT);
      case "legal" -> Optional.of(ResourceKind.MATTER);
      default -> Optional.empty();
    };
  }

  private static Catalog catalog(String name) {
    return SHIPPED.named(name).orElseThrow();
  }
}
