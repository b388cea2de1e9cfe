package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.support.Sql;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tenants that are changed and deleted. */
class TenantRoutesTest extends WithApiServer {
  private static final String TENANTS = "/admin/v1/tenants";

  private HttpCall operator;

  @BeforeAll
  void becomeOperator() {
    operator = server.as(ApiServer.OPERATOR);
  }

  private JsonObject create(String uid) throws Exception {
    return operator
        .post(TENANTS, "{\"uid\": \"%s\", \"name\": \"N\", \"orgId\": \"o\"}".formatted(uid))
        .ok(201)
        .json("tenant");
  }

  private JsonObject change(String id, String body) throws Exception {
    return operator.patch(TENANTS + "/" + id, body).ok(200).json("tenant");
  }

  @Test
  void whatIsLeftOutStaysAndNullClears() throws Exception {
    JsonObject made = create("change");
    assertThat(made.getString("validation")).isEqualTo("reject");
    assertThat(made.getJsonObject("metadata")).isEmpty();
    JsonObject changed =
        change(
            "change",
            """
            {"name": "M", "contract": "casedev", "catalog": "small", "envId": "e",
             "validation": "warn", "metadata": {"plan": "gold"}}
            """);
    assertThat(changed)
        .isEqualTo(
            made.copy()
                .put("name", "M")
                .put("contract", "casedev")
                .put("catalog", "small")
                .put("envId", "e")
                .put("validation", "warn")
                .put("metadata", new JsonObject().put("plan", "gold")));
    assertThat(operator.get(TENANTS + "/change").ok(200).json("tenant")).isEqualTo(changed);
    assertThat(change(made.getString("id"), "{}")).isEqualTo(changed);
    JsonObject cleared =
        change(
            "change",
            """
            {"contract": null, "catalog": null, "orgId": null, "envId": null, "validation": null,
             "metadata": null}
            """);
    assertThat(cleared).isEqualTo(made.copy().put("name", "M").putNull("orgId"));
  }

  @Test
  void anotherCatalogIsInForceAtOnce() throws Exception {
    create("catalogued");
    HttpCall.Answer none = types("catalogued");
    assertThat(none.list("eventTypes")).isEmpty();
    change("catalogued", "{\"catalog\": \"small\"}");
    assertThat(types("catalogued").list("eventTypes")).hasSize(3);
  }

  private HttpCall.Answer types(String tenant) throws Exception {
    return operator
        .send(operator.request("/webhooks/v1/event_types").header("Posthaste-Tenant", tenant))
        .ok(200);
  }

  @Test
  void aBadChangeIsRefusedWithAllFaults() throws Exception {
    create("bad");
    var answer = operator.patch(TENANTS + "/bad", "{\"contract\": \"x\", \"catalog\": \"y\"}");
    assertThat(answer.fault("/contract")).contains("casedev, standard");
    assertThat(answer.fault("/catalog")).contains("there are small");
    assertThat(operator.patch(TENANTS + "/bad", "{\"name\": null}").fault("/name"))
        .startsWith("must be a string");
    assertThat(operator.patch(TENANTS + "/bad", "{\"validation\": \"no\"}").fault("/validation"))
        .contains("off, warn, reject");
    operator.patch(TENANTS + "/bad", "{\"uid\": \"other\"}").fault("/uid");
    operator.patch(TENANTS + "/bad", "{\"catalog\": \"a\\u0000b\"}").fault("/catalog");
    operator.patch(TENANTS + "/bad", "{\"metadata\": {\"a\": \"b\\u0000\"}}").fault("/metadata/a");
    operator.patch(TENANTS + "/nobody", "{}").problem(404);
    operator.patch(TENANTS + "/a%00b", "{}").problem(404);
    server.as(server.key(server.acme, ENDPOINTS_WRITE)).patch(TENANTS + "/bad", "{}").problem(403);
  }

  @Test
  void aDeletedTenantEndsAndItsHistoryStays() throws Exception {
    JsonObject made = create("brief");
    String id = made.getString("id");
    long number = PublicId.TENANT.parse(id).orElseThrow();
    Tenant tenant = server.registry.tenant(number).orElseThrow();
    HttpCall own = server.as(server.key(tenant, ENDPOINTS_READ, ENDPOINTS_WRITE));
    String endpoint =
        own.post(
                "/webhooks/v1/endpoints",
                "{\"url\": \"https://example.com/a\", \"eventTypeFilters\": [\"*\"]}")
            .ok(201)
            .json("endpoint")
            .getString("id");
    long event = server.ids.next();
    server.sql(
        "INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets) VALUES (%d, %d, 'a.b', 0, '{}', '{%d}')"
            .formatted(event, number, PublicId.ENDPOINT.parse(endpoint).orElseThrow()));
    operator.delete(TENANTS + "/brief").ok(204);
    own.get("/webhooks/v1/endpoints").problem(401);
    assertThat(server.registry.endpoint(PublicId.ENDPOINT.parse(endpoint).orElseThrow())).isEmpty();
    operator.get(TENANTS + "/brief").problem(404);
    operator.delete(TENANTS + "/" + id).problem(404);
    assertThat(operator.get(TENANTS + "?limit=250").ok(200).text()).doesNotContain(id);
    assertThat(
            Sql.column(
                server.url,
                "SELECT count(*)::text FROM api_key WHERE tenant_id = %d AND revoked_at IS NULL"
                    .formatted(number)))
        .containsExactly("0");
    String path = "/webhooks/v1/events/" + PublicId.EVENT.format(event);
    as(id, path).ok(200);
    as("brief", path).problem(404);
    operator
        .send(
            operator
                .request("/webhooks/v1/endpoints")
                .header("Posthaste-Tenant", id)
                .header("content-type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        "{\"url\": \"https://example.com/a\", \"eventTypeFilters\": [\"*\"]}")))
        .problem(404);
    assertThat(operator.get("/admin/v1/audit?tenant=" + id).ok(200).text())
        .contains("tenant.deleted");
  }

  private HttpCall.Answer as(String tenant, String path) throws Exception {
    return operator.send(operator.request(path).header("Posthaste-Tenant", tenant));
  }

  @Test
  void theUidOfADeletedTenantMayBeUsedAgain() throws Exception {
    String first = create("again").getString("id");
    operator.post(TENANTS, "{\"uid\": \"again\", \"name\": \"N\"}").problem(409);
    operator.delete(TENANTS + "/again").ok(204);
    String second = create("again").getString("id");
    assertThat(second).isNotEqualTo(first);
    assertThat(operator.get(TENANTS + "/again").ok(200).json("tenant").getString("id"))
        .isEqualTo(second);
    types("again");
  }

  @Test
  void theTenantsThatAreAlwaysThereCannotBeDeleted() throws Exception {
    for (String uid : new String[] {"default", "operations"}) {
      create(uid);
      assertThat(operator.delete(TENANTS + "/" + uid).problem(409).getString("code"))
          .isEqualTo("impossible");
      operator.get(TENANTS + "/" + uid).ok(200);
    }
  }
}
