package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.CatalogOverlay;
import dev.posthaste.event.EventType;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.ResourceKind;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.Validation;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of events that the catalog of their tenant does not allow. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogValidationTest {
  private static final String GOOD = "{\"type\":\"order.paid\",\"data\":{\"order\":1}}";
  private static final String UNKNOWN = "{\"type\":\"order.lost\",\"data\":{}}";
  private static final String BAD = "{\"type\":\"order.paid\",\"data\":{\"order\" : \"x\"}}";

  private IngestRig rig;

  @BeforeAll
  void open(DatabaseUrl url) {
    rig = new IngestRig(url, url, IngestRig.SETTINGS);
  }

  @AfterAll
  void close() {
    rig.close();
  }

  @BeforeEach
  void clear() {
    rig.db.execute("TRUNCATE event, event_key, deferred");
    rig.registry.put(overlay("integer"));
  }

  private static CatalogOverlay overlay(String orderType) {
    EventType paid =
        new EventType(
            "order.paid",
            EventType.Stability.STABLE,
            Optional.empty(),
            Optional.of(ResourceKind.VAULT),
            "D",
            "{\"type\":\"object\",\"required\":[\"order\"],\"properties\":{\"vaultId\":{},\"order\":{\"type\":\"%s\"}}}"
                .formatted(orderType),
            "{\"order\":1}");
    return new CatalogOverlay("shop", true, Map.of("order.paid", paid), Set.of());
  }

  private void tenant(Validation validation) {
    rig.registry.put(
        new Tenant(
            9,
            "shop",
            "Shop",
            "standard",
            Optional.of("shop"),
            Optional.empty(),
            Optional.empty(),
            validation,
            Map.of()));
  }

  private HttpResponse<String> post(String event) {
    return rig.send(rig.request("/events").header("posthaste-tenant", "shop"), event);
  }

  private static List<String> pointers(JsonObject answer, String name) {
    return answer.getJsonArray(name, new JsonArray()).stream()
        .map(fault -> ((JsonObject) fault).getString("pointer"))
        .distinct()
        .toList();
  }

  @Test
  void rejectRefusesWhatIsUnknownOrBad() {
    tenant(Validation.REJECT);
    assertThat(post(UNKNOWN).body()).contains("'order.lost' is not in the catalog 'shop'");
    HttpResponse<String> bad = post(BAD);
    assertThat(bad.statusCode()).isEqualTo(422);
    assertThat(pointers(new JsonObject(bad.body()), "errors")).contains("/data/order");
    assertThat(post(GOOD).statusCode()).isEqualTo(202);
    assertThat(rig.db.column("SELECT count(*) FROM event")).containsExactly("1");
  }

  @Test
  void warnAcceptsAndTells() {
    tenant(Validation.WARN);
    HttpResponse<String> bad = post(BAD);
    assertThat(bad.statusCode()).isEqualTo(202);
    assertThat(pointers(new JsonObject(bad.body()), "warnings")).contains("/data/order");
    HttpResponse<String> unknown = post(UNKNOWN);
    assertThat(unknown.statusCode()).isEqualTo(202);
    assertThat(pointers(new JsonObject(unknown.body()), "warnings")).containsExactly("/type");
    assertThat(new JsonObject(post(GOOD).body()).containsKey("warnings")).isFalse();
    assertThat(rig.db.column("SELECT convert_from(data, 'UTF8') FROM event ORDER BY id"))
        .containsExactly("{\"order\" : \"x\"}", "{}", "{\"order\":1}");
  }

  @Test
  void aBatchWarnsEventByEvent() {
    tenant(Validation.WARN);
    HttpResponse<String> answer =
        rig.send(
            rig.request("/events/batch").header("posthaste-tenant", "shop"),
            "[" + String.join(",", GOOD, BAD, "{}") + "]");
    JsonArray results = new JsonObject(answer.body()).getJsonArray("results");
    assertThat(results.getJsonObject(0).containsKey("warnings")).isFalse();
    assertThat(pointers(results.getJsonObject(1), "warnings")).contains("/data/order");
    assertThat(results.getJsonObject(2).containsKey("error")).isTrue();
  }

  @Test
  void offAcceptsAndSaysNothing() {
    tenant(Validation.OFF);
    for (String event : List.of(BAD, UNKNOWN, "{\"type\":\"order.paid\",\"data\":7}")) {
      HttpResponse<String> answer = post(event);
      assertThat(answer.statusCode()).isEqualTo(202);
      assertThat(answer.body()).doesNotContain("warnings");
    }
  }

  @Test
  void theResourceIsFoundAlsoWhereNobodyValidates() {
    tenant(Validation.OFF);
    post("{\"type\":\"order.paid\",\"data\":{\"vaultId\":\"v1\"}}");
    assertThat(rig.db.column("SELECT resource_id FROM event")).containsExactly("v1");
  }

  @Test
  void aResourceThatCannotBeKeptIsAFaultLikeOthers() {
    String event =
        "{\"type\":\"order.paid\",\"data\":{\"order\":1,\"vaultId\":\"%s\"}}"
            .formatted("v".repeat(300));
    tenant(Validation.WARN);
    HttpResponse<String> warned = post(event);
    assertThat(warned.statusCode()).isEqualTo(202);
    assertThat(pointers(new JsonObject(warned.body()), "warnings"))
        .containsExactly("/data/vaultId");
    assertThat(rig.db.column("SELECT count(resource_id) FROM event")).containsExactly("0");
    tenant(Validation.REJECT);
    assertThat(post(event).statusCode()).isEqualTo(422);
  }

  @Test
  void aChangedEntryIsInForceForTheNextEvent() {
    tenant(Validation.REJECT);
    assertThat(post(GOOD).statusCode()).isEqualTo(202);
    rig.registry.put(overlay("string"));
    assertThat(post(GOOD).statusCode()).isEqualTo(422);
    assertThat(post(BAD).statusCode()).isEqualTo(202);
    rig.registry.removeOverlay("shop");
    assertThat(post(BAD).statusCode()).isEqualTo(422);
  }

  @Test
  void aSchemaThatCannotBeAppliedIsAFaultAndNoCrash() {
    tenant(Validation.REJECT);
    rig.registry.put(overlay("integer"));
    EventType broken =
        new EventType(
            "order.paid",
            EventType.Stability.BETA,
            Optional.empty(),
            Optional.empty(),
            "D",
            "{\"$ref\":\"#/$defs/none\"}",
            "{}");
    rig.registry.put(new CatalogOverlay("shop", true, Map.of("order.paid", broken), Set.of()));
    HttpResponse<String> answer = post(GOOD);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("schema of its type is broken");
  }

  @Test
  void aDeletedTenantTakesNoEvents() {
    Tenant brief = Samples.tenant(10, "brief");
    rig.registry.put(brief);
    assertThat(rig.send(rig.request("/events").header("posthaste-tenant", "brief"), GOOD))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(202);
    rig.registry.remove(brief);
    for (String name : List.of("brief", PublicId.TENANT.format(10))) {
      assertThat(rig.send(rig.request("/events").header("posthaste-tenant", name), GOOD))
          .extracting(HttpResponse::statusCode)
          .isEqualTo(404);
    }
  }
}
