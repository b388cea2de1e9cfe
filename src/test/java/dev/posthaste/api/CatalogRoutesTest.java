package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Catalogs that operators change while the server runs. */
class CatalogRoutesTest extends WithApiServer {
  private static final String CATALOGS = "/admin/v1/catalogs";
  private static final String TYPES = "/webhooks/v1/event_types";
  private static final String ENTRY =
      """
      {"stability": "beta", "scope": "orders", "resource": null, "description": "An order was paid.",
       "schema": {"type": "object", "required": ["order"],
                  "properties": {"order": {"type": "integer"}}},
       "example": {"order": 42}}
      """;

  private HttpCall operator;

  @BeforeAll
  void becomeOperator() {
    operator = server.as(ApiServer.OPERATOR);
  }

  @BeforeEach
  void forgetChanges() throws Exception {
    operator.delete(CATALOGS + "/small");
  }

  private HttpCall.Answer put(String path, String body) throws Exception {
    return send("PUT", path, body);
  }

  /** For the tenant acme, which has the catalog small. */
  private HttpCall.Answer send(String method, String path, String body) throws Exception {
    var publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    return operator.send(
        operator
            .request(path)
            .header("Posthaste-Tenant", "acme")
            .header("content-type", "application/json")
            .method(method, publisher));
  }

  private List<String> types() throws Exception {
    return send("GET", TYPES, null).ok(200).list("eventTypes").stream()
        .map(type -> ((JsonObject) type).getString("type"))
        .toList();
  }

  private static String file(String... entries) {
    return "{\"eventTypes\": [" + String.join(", ", entries) + "]}";
  }

  private static String named(String name) {
    return new JsonObject(ENTRY).put("type", name).encode();
  }

  @Test
  void anEntryIsAddedReplacedAndTakenOut() throws Exception {
    JsonObject made = put(TYPES + "/order.paid", ENTRY).ok(200).json("eventType");
    assertThat(made).isEqualTo(new JsonObject(ENTRY).put("type", "order.paid"));
    assertThat(send("GET", TYPES + "/order.paid", null).ok(200).json("eventType")).isEqualTo(made);
    assertThat(types())
        .containsExactly("agent.run.done", "order.paid", "vault.done", "vault.failed");
    String changed = ENTRY.replace("beta", "stable");
    put(TYPES + "/vault.done", changed).ok(200);
    assertThat(
            send("GET", TYPES + "/vault.done", null)
                .ok(200)
                .json("eventType")
                .getString("stability"))
        .isEqualTo("stable");
    send("DELETE", TYPES + "/vault.failed", null).ok(204);
    send("DELETE", TYPES + "/vault.failed", null).problem(404);
    send("GET", TYPES + "/vault.failed", null).problem(404);
    assertThat(types()).containsExactly("agent.run.done", "order.paid", "vault.done");
    put(TYPES + "/vault.failed", ENTRY).ok(200);
    assertThat(types()).contains("vault.failed");
  }

  @Test
  void endpointsKeepAFilterThatMatchesNothingAnyMore() throws Exception {
    put(TYPES + "/order.paid", ENTRY).ok(200);
    HttpCall acme = server.as(server.key(server.acme, ENDPOINTS_READ, ENDPOINTS_WRITE));
    String body = "{\"url\": \"https://example.com/a\", \"eventTypeFilters\": [\"order.paid\"]}";
    String id = acme.post("/webhooks/v1/endpoints", body).ok(201).json("endpoint").getString("id");
    send("DELETE", TYPES + "/order.paid", null).ok(204);
    acme.post("/webhooks/v1/endpoints", body).fault("/eventTypeFilters/0");
    acme.patch("/webhooks/v1/endpoints/" + id, "{\"description\": \"still there\"}").ok(200);
    assertThat(acme.get("/webhooks/v1/endpoints/" + id).ok(200).text()).contains("order.paid");
    assertThat(server.registry.targets(server.acme, "vault.done", Optional.empty())).isEmpty();
  }

  @Test
  void theCatalogMayBeNamedAndIsMadeIfItIsNew() throws Exception {
    put(TYPES + "/order.paid?catalog=fresh", ENTRY).ok(200);
    assertThat(operator.get(TYPES + "/order.paid?catalog=fresh").problem(404).getString("detail"))
        .contains("default");
    operator.post("/admin/v1/tenants", "{\"uid\": \"default\", \"name\": \"D\"}").ok(201);
    operator.get(TYPES + "/order.paid?catalog=fresh").ok(200);
    assertThat(operator.get(TYPES + "/order.paid").fault("/query/catalog")).contains("default");
    operator.get(TYPES + "/order.paid?catalog=Up").fault("/query/catalog");
    operator
        .post("/admin/v1/tenants", "{\"uid\": \"f\", \"name\": \"F\", \"catalog\": \"fresh\"}")
        .ok(201);
    assertThat(operator.delete(CATALOGS + "/fresh").problem(409).getString("detail"))
        .contains("used by f");
    operator.patch("/admin/v1/tenants/f", "{\"catalog\": null}").ok(200);
    operator.delete(CATALOGS + "/fresh").ok(204);
    operator.get(CATALOGS + "/fresh").problem(404);
    operator.delete(CATALOGS + "/fresh").problem(404);
    operator.patch("/admin/v1/tenants/f", "{\"catalog\": \"fresh\"}").fault("/catalog");
  }

  @Test
  void aBadEntryIsRefusedWithAllFaults() throws Exception {
    HttpCall.Answer answer =
        put(
            TYPES + "/order.paid",
            """
            {"type": "order.sent", "stability": "new", "resource": "moon", "more": 1,
             "schema": {"type": "objec", "properties": {"a": {"minLength": -1}}}, "example": {}}
            """);
    assertThat(answer.fault("/type")).contains("the path");
    assertThat(answer.fault("/stability")).contains("stable, beta");
    assertThat(answer.fault("/resource")).contains("vault, matter");
    assertThat(answer.fault("/description")).contains("required");
    assertThat(answer.fault("/more")).contains("unknown");
    assertThat(answer.fault("/schema/type")).contains("object");
    assertThat(answer.fault("/schema/properties/a/minLength")).contains("-1");
  }

  @Test
  void anExampleMustBeValidAndASchemaMustStandForItself() throws Exception {
    assertThat(put(TYPES + "/a.b", ENTRY.replace("42", "\"x\"")).fault("/example/order"))
        .contains("integer");
    for (String reference : List.of("https://example.com/s", "#/$defs/none")) {
      put(
              TYPES + "/a.b",
              ENTRY.replace("{\"type\": \"integer\"}", "{\"$ref\": \"" + reference + "\"}"))
          .fault("/schema/properties/order/$ref");
    }
    put(
            TYPES + "/a.b",
            ENTRY
                .replace("{\"type\": \"integer\"}", "{\"$ref\": \"#/$defs/n\"}")
                .replace(
                    "\"required\"", "\"$defs\": {\"n\": {\"type\": \"integer\"}}, \"required\""))
        .ok(200);
    put(TYPES + "/a.b", ENTRY.replace("{\"type\": \"integer\"}", "{\"pattern\": \"(\"}"))
        .fault("/schema/properties/order/pattern");
    put(TYPES + "/a.b", ENTRY.replace("{\"type\": \"object\"", "{\"$ref\": \"#\""))
        .fault("/schema");
    put(TYPES + "/a.b", ENTRY.replace("\"required\"", "\"$schema\": \"http://x\", \"required\""))
        .fault("/schema/$schema");
    put(TYPES + "/a*b", ENTRY).fault("/path/type");
  }

  @Test
  void aWholeCatalogIsImportedInThePlaceOfAFile() throws Exception {
    JsonObject imported =
        put(CATALOGS + "/small", file(named("order.paid"), named("order.sent")))
            .ok(200)
            .json("catalog");
    assertThat(imported)
        .isEqualTo(
            new JsonObject()
                .put("name", "small")
                .put("eventTypes", 2)
                .put("inFiles", true)
                .put("changed", true));
    assertThat(types()).containsExactly("order.paid", "order.sent");
    assertThat(operator.get(CATALOGS).ok(200).list("catalogs")).contains(imported);
    put(CATALOGS + "/small", file(named("order.lost"))).ok(200);
    assertThat(types()).containsExactly("order.lost");
    operator.delete(CATALOGS + "/small").ok(204);
    assertThat(operator.delete(CATALOGS + "/small").problem(409).getString("detail"))
        .contains("file");
    assertThat(operator.get(CATALOGS + "/small").ok(200).list("eventTypes")).hasSize(3);
  }

  @Test
  void aTenantThatUsesWhatIsDroppedUsesTheFileAgain() throws Exception {
    HttpCall acme = server.as(server.key(server.acme, ENDPOINTS_READ, ENDPOINTS_WRITE));
    String wanting = "{\"url\": \"https://example.com/a\", \"eventTypeFilters\": [\"%s\"]}";
    String ofFile = wanting.formatted("vault.done");
    String ofImport = wanting.formatted("order.paid");
    put(CATALOGS + "/small", file(named("order.paid"))).ok(200);
    acme.post("/webhooks/v1/endpoints", ofFile).fault("/eventTypeFilters/0");
    String id =
        acme.post("/webhooks/v1/endpoints", ofImport).ok(201).json("endpoint").getString("id");
    operator.delete(CATALOGS + "/small").ok(204);
    assertThat(operator.get("/admin/v1/tenants/acme").ok(200).json("tenant").getString("catalog"))
        .isEqualTo("small");
    assertThat(types()).containsExactly("agent.run.done", "vault.done", "vault.failed");
    acme.post("/webhooks/v1/endpoints", ofImport).fault("/eventTypeFilters/0");
    assertThat(acme.get("/webhooks/v1/endpoints/" + id).ok(200).text()).contains("order.paid");
    acme.delete("/webhooks/v1/endpoints/" + id).ok(204);
    id = acme.post("/webhooks/v1/endpoints", ofFile).ok(201).json("endpoint").getString("id");
    acme.delete("/webhooks/v1/endpoints/" + id).ok(204);
  }

  @Test
  void whatIsShownCanBeImportedAgain() throws Exception {
    String shipped = Files.readString(Path.of("conf/catalogs/casedev.json"));
    put(CATALOGS + "/copy", shipped).ok(200);
    String shown = operator.get(CATALOGS + "/copy").ok(200).text();
    assertThat(new JsonObject(shown).getJsonArray("eventTypes")).hasSize(53);
    put(CATALOGS + "/copy", shown).ok(200);
    assertThat(operator.get(CATALOGS + "/copy").ok(200).text()).isEqualTo(shown);
  }

  @Test
  void aBadCatalogIsRefusedWithAllFaultsOfAllEntries() throws Exception {
    HttpCall.Answer answer =
        put(
            CATALOGS + "/small",
            file(
                named("order.*"),
                named("a.b").replace("42", "true"),
                named("a.b"),
                named("c.d").replace("beta", "odd")));
    assertThat(answer.fault("/eventTypes/0/type")).contains("order.*");
    assertThat(answer.fault("/eventTypes/1/example/order")).contains("integer");
    assertThat(answer.fault("/eventTypes/2/type")).contains("twice");
    assertThat(answer.fault("/eventTypes/3/stability")).contains("stable, beta");
    assertThat(types()).hasSize(3);
    put(CATALOGS + "/small", "{}").fault("/eventTypes");
    put(CATALOGS + "/small", file()).fault("/eventTypes");
    put(CATALOGS + "/small", file("7")).fault("/eventTypes/0");
    put(CATALOGS + "/Small", file(named("a.b"))).fault("/path/name");
    put(CATALOGS + "/small", "{\"eventTypes\": [], \"eventTypes\": []}").problem(422);
    put(CATALOGS + "/small", "x".repeat(ApiServer.MAX_CATALOG + 1)).problem(413);
  }

  @Test
  void aCatalogHasNoMoreTypesThanItMay() throws Exception {
    String[] many = new String[ApiServer.MAX_TYPES + 1];
    for (int i = 0; i < many.length; i++) {
      many[i] = named("order.n" + i);
    }
    put(CATALOGS + "/small", file(many)).fault("/eventTypes");
    put(CATALOGS + "/small", file(Arrays.copyOf(many, ApiServer.MAX_TYPES))).ok(200);
    put(TYPES + "/order.more", ENTRY).problem(409);
    put(TYPES + "/order.n1", ENTRY).ok(200);
  }

  @Test
  void ourOwnCatalogStaysAsItIs() throws Exception {
    put(CATALOGS + "/operations", file(named("a.b"))).problem(409);
    put(TYPES + "/a.b?catalog=operations", ENTRY).problem(409);
    operator.delete(CATALOGS + "/operations").problem(409);
  }

  @Test
  void onlyOperatorsGetIn() throws Exception {
    HttpCall tenant = server.as(server.key(server.acme, ENDPOINTS_READ, ENDPOINTS_WRITE));
    for (String path : List.of(CATALOGS, CATALOGS + "/small", TYPES + "/vault.done")) {
      tenant.get(path).problem(403);
      server.as(null).get(path).problem(401);
    }
    tenant.send("PUT", TYPES + "/a.b", "application/json", ENTRY).problem(403);
    tenant.delete(TYPES + "/vault.done").problem(403);
    tenant.send("PUT", CATALOGS + "/small", "application/json", "{}").problem(403);
    tenant.delete(CATALOGS + "/small").problem(403);
    assertThat(tenant.get(TYPES).ok(200).json().getJsonArray("eventTypes"))
        .isInstanceOf(JsonArray.class)
        .hasSize(3);
  }
}
