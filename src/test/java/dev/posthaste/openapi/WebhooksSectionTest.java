package dev.posthaste.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.contract.Catalog;
import dev.posthaste.contract.CatalogReader;
import dev.posthaste.contract.Catalogs;
import dev.posthaste.contract.ContractReader;
import dev.posthaste.event.EventType;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver.Received;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the document says of outgoing messages is what receivers get. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhooksSectionTest {
  private static final String AUTO_DISABLED = "webhook.endpoint.auto_disabled";

  /** Every message has them, whatever its contract. */
  private static final Set<String> OF_HTTP =
      Set.of("host", "content-length", "user-agent", "content-type", "accept-encoding");

  private final AnswerCheck check = new AnswerCheck();
  private final Catalogs catalogs = CatalogReader.read(Optional.empty());
  private Stage stage;
  private JsonObject section;

  @BeforeAll
  void open(DatabaseUrl url, @TempDir Path folder) {
    stage = new Stage(url, folder);
    section = stage.document.section("webhooks");
  }

  @AfterAll
  void close() {
    stage.close();
  }

  static Set<String> contracts() {
    return ContractReader.read(Optional.empty()).names();
  }

  private JsonObject message(String name) {
    assertThat(section.fieldNames()).as("webhooks: of the document").contains(name);
    return section.getJsonObject(name).getJsonObject("post");
  }

  private static JsonObject json(JsonObject message) {
    return message
        .getJsonObject("requestBody")
        .getJsonObject("content")
        .getJsonObject("application/json");
  }

  private String endpoint(String tenant, String path, String... filters) {
    JsonObject body =
        new JsonObject()
            .put("url", stage.receiver.url(path))
            .put("eventTypeFilters", new JsonArray(List.of(filters)));
    return stage
        .operator(tenant, "POST", "/webhooks/v1/endpoints", body)
        .getJsonObject("endpoint")
        .getString("id");
  }

  private Received first(String path) {
    await().until(() -> !stage.receiver.received(path).isEmpty());
    return stage.receiver.received(path).getFirst();
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void theMessageOfAContractIsAsItIsDescribed(String contract) {
    tenant(contract, contract);
    String endpoint = endpoint(contract, "/" + contract, "*");
    JsonObject event =
        new JsonObject()
            .put("type", "case.completed")
            .put("data", new JsonObject().put("caseId", "4711"))
            .put("resourceId", "4711")
            .put("occurredAt", "2026-01-01T00:00:00Z");
    stage.operator(contract, "POST", "/webhooks/v1/events", event);
    assertIsAsDescribed(contract, first("/" + contract));
    replay(contract, endpoint);
    await().until(() -> stage.receiver.received("/" + contract).size() == 2);
    assertIsAsDescribed(contract, stage.receiver.received("/" + contract).getLast());
  }

  private void tenant(String uid, String contract) {
    stage.operator(
        Stage.ACME,
        "POST",
        "/admin/v1/tenants",
        new JsonObject().put("uid", uid).put("name", uid).put("contract", contract));
  }

  private void replay(String tenant, String endpoint) {
    String path = "/webhooks/v1/deliveries?status=delivered&endpoint_id=" + endpoint;
    await()
        .until(
            () -> !stage.operator(tenant, "GET", path, null).getJsonArray("deliveries").isEmpty());
    String delivery =
        stage
            .operator(tenant, "GET", path, null)
            .getJsonArray("deliveries")
            .getJsonObject(0)
            .getString("id");
    stage.operator(tenant, "POST", "/webhooks/v1/deliveries/" + delivery + "/replay", null);
  }

  private void assertIsAsDescribed(String name, Received got) {
    JsonObject message = message(name);
    assertThat(check.value(json(message).getJsonObject("schema"), Json.decodeValue(got.body())))
        .as("%s: %s", name, got.body())
        .isEmpty();
    List<JsonObject> headers =
        message.getJsonArray("parameters", new JsonArray()).stream()
            .map(JsonObject.class::cast)
            .toList();
    for (JsonObject header : headers) {
      String value = got.headers().get(header.getString("name"));
      if (value != null) {
        assertThat(check.value(header.getJsonObject("schema"), value))
            .as("%s: %s", header.getString("name"), value)
            .isEmpty();
      } else {
        assertThat(header.getBoolean("required")).as("%s is there", header).isFalse();
      }
    }
    Set<String> known =
        headers.stream().map(one -> one.getString("name")).collect(Collectors.toSet());
    assertThat(got.headers().names().stream().map(String::toLowerCase))
        .as("headers of %s", name)
        .allMatch(header -> known.contains(header) || OF_HTTP.contains(header));
  }

  @Test
  void eventsOfOurOwnAreAsTheyAreDescribed() {
    endpoint("operations", "/operators", "*");
    String id = endpoint(Stage.ACME, "/watched", "watched.*");
    String path = "/webhooks/v1/endpoints/" + id;
    stage.operator(Stage.ACME, "PATCH", path, new JsonObject().put("description", "new"));
    stage.operator(Stage.ACME, "PATCH", path, new JsonObject().put("status", "disabled"));
    stage.operator(Stage.ACME, "PATCH", path, new JsonObject().put("status", "active"));
    stage.operator(Stage.ACME, "DELETE", path, null);
    for (String type :
        List.of(
            "endpoint.created",
            "endpoint.updated",
            "endpoint.disabled",
            "endpoint.enabled",
            "endpoint.deleted")) {
      await().until(() -> told(type).isPresent());
      assertThat(check.value(json(message(type)).getJsonObject("schema"), told(type).orElseThrow()))
          .as(told(type).toString())
          .isEmpty();
    }
  }

  private Optional<JsonObject> told(String type) {
    return stage.receiver.received("/operators").stream()
        .map(one -> new JsonObject(one.body()))
        .filter(event -> event.getString("type").equals(type))
        .findFirst();
  }

  @Test
  void everyEventOfOurOwnIsDescribedWithTheSchemaOfTheCatalog() {
    Catalog operations = catalogs.named("operations").orElseThrow();
    operations.byName().forEach(this::assertIsOfTheCatalog);
    assertIsOfTheCatalog(
        AUTO_DISABLED, catalogs.named("casedev").orElseThrow().type(AUTO_DISABLED).orElseThrow());
  }

  private void assertIsOfTheCatalog(String name, EventType type) {
    JsonObject schema = new JsonObject(type.schema());
    schema.remove("$schema");
    assertThat(
            json(message(name))
                .getJsonObject("schema")
                .getJsonObject("properties")
                .getJsonObject("data"))
        .as(name)
        .isEqualTo(schema);
  }

  @Test
  void everyExampleIsWhatItsSchemaAsksFor() {
    for (String name : section.fieldNames()) {
      JsonObject json = json(message(name));
      assertThat(check.value(json.getJsonObject("schema"), json.getValue("example")))
          .as(name)
          .isEmpty();
    }
  }

  @Test
  void everyContractAndEveryEventOfOurOwnIsThereAndNothingElse() {
    Set<String> known =
        new java.util.HashSet<>(catalogs.named("operations").orElseThrow().byName().keySet());
    known.addAll(contracts());
    known.add(AUTO_DISABLED);
    assertThat(section.fieldNames()).containsExactlyInAnyOrderElementsOf(known);
  }
}
