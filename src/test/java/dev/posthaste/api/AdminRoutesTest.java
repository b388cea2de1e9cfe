package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.http.KeyText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AdminRoutesTest extends WithApiServer {
  private static final String TENANTS = "/admin/v1/tenants";
  private static final String KEYS = "/admin/v1/keys";

  private HttpCall operator;

  @BeforeAll
  void becomeOperator() {
    operator = server.as(ApiServer.OPERATOR);
  }

  @Test
  void aNewTenantCanBeUsedAtOnce() throws Exception {
    JsonObject tenant =
        operator
            .post(
                TENANTS,
                "{\"uid\": \"new\", \"name\": \"New\", \"catalog\": \"small\", \"orgId\": \"o\"}")
            .ok(201)
            .json("tenant");
    assertThat(tenant.getString("contract")).isEqualTo("standard");
    assertThat(operator.get(TENANTS + "/new").ok(200).json("tenant")).isEqualTo(tenant);
    assertThat(operator.get(TENANTS + "/" + tenant.getString("id")).ok(200).json("tenant"))
        .isEqualTo(tenant);
    assertThat(operator.get(TENANTS).ok(200).text()).contains(tenant.getString("id"));
    operator
        .send(operator.request("/webhooks/v1/event_types").header("Posthaste-Tenant", "new"))
        .ok(200);
  }

  @Test
  void aBadTenantIsRefused() throws Exception {
    operator.post(TENANTS, "{\"uid\": \"acme\", \"name\": \"A\"}").problem(409);
    assertThat(operator.post(TENANTS, "{\"name\": \"A\"}").fault("/uid")).isEqualTo("is required");
    var answer =
        operator.post(
            TENANTS,
            "{\"uid\": \"ten_x\", \"name\": \"A\", \"contract\": \"x\", \"catalog\": \"y\"}");
    assertThat(answer.fault("/uid")).contains("ten_");
    assertThat(answer.fault("/contract")).contains("casedev, standard");
    assertThat(answer.fault("/catalog")).contains("not a catalog");
    operator.get(TENANTS + "/nobody").problem(404);
  }

  @Test
  void tenantsAndKeysArePaged() throws Exception {
    for (int i = 0; i < 3; i++) {
      operator.post(TENANTS, "{\"uid\": \"page-%d\", \"name\": \"A\"}".formatted(i)).ok(201);
      operator.post(KEYS, "{\"name\": \"k\", \"operator\": true}").ok(201);
    }
    for (String name : List.of("tenants", "keys")) {
      List<String> seen = new ArrayList<>();
      String cursor = "";
      while (cursor != null) {
        JsonObject page = operator.get("/admin/v1/" + name + "?limit=2" + cursor).ok(200).json();
        page.getJsonArray(name).forEach(item -> seen.add(((JsonObject) item).getString("id")));
        cursor = page.containsKey("nextCursor") ? "&cursor=" + page.getString("nextCursor") : null;
      }
      assertThat(seen).hasSizeGreaterThan(3).doesNotHaveDuplicates();
    }
  }

  @Test
  void aKeyIsShownOnceWorksAtOnceAndNotAfterItIsRevoked() throws Exception {
    JsonObject answer =
        operator
            .post(
                KEYS,
                "{\"name\": \"k\", \"tenant\": \"acme\", \"permissions\": [\"endpoints:read\"], \"scopes\": [\"vault\"], \"expiresAt\": \"2099-01-01T00:00:00Z\"}")
            .ok(201)
            .json();
    String text = answer.getString("secret");
    assertThat(KeyText.isWellFormed(text)).isTrue();
    JsonObject key = answer.getJsonObject("key");
    assertThat(key.getJsonArray("scopes")).isEqualTo(new JsonArray().add("vault"));
    assertThat(key.getBoolean("operator")).isFalse();
    server.as(text).get("/webhooks/v1/endpoints").ok(200);
    assertThat(operator.get(KEYS).ok(200).text())
        .contains(key.getString("id"))
        .doesNotContain(text);
    operator.delete(KEYS + "/" + key.getString("id")).ok(204);
    server.as(text).get("/webhooks/v1/endpoints").problem(401);
    operator.delete(KEYS + "/" + key.getString("id")).ok(204);
    JsonObject listed =
        operator.get(KEYS).list("keys").stream()
            .map(JsonObject.class::cast)
            .filter(item -> item.getString("id").equals(key.getString("id")))
            .findFirst()
            .orElseThrow();
    assertThat(listed.getString("revokedAt")).isNotNull();
  }

  @Test
  void anOperatorKeyMustBeAskedForByName() throws Exception {
    assertThat(operator.post(KEYS, "{\"name\": \"k\"}").fault("/tenant")).contains("'operator'");
    operator
        .post(KEYS, "{\"name\": \"k\", \"operator\": true, \"tenant\": \"acme\"}")
        .fault("/tenant");
    operator
        .post(KEYS, "{\"name\": \"k\", \"operator\": true, \"permissions\": [\"events:write\"]}")
        .fault("/operator");
    String text =
        operator
            .post(KEYS, "{\"name\": \"k\", \"operator\": true}")
            .ok(201)
            .json()
            .getString("secret");
    server.as(text).get(TENANTS).ok(200);
  }

  @Test
  void aBadKeyIsRefused() throws Exception {
    String acme = "{\"name\": \"k\", \"tenant\": \"acme\", ";
    operator
        .post(
            KEYS, "{\"name\": \"k\", \"tenant\": \"nobody\", \"permissions\": [\"events:write\"]}")
        .fault("/tenant");
    operator.post(KEYS, "{\"name\": \"k\", \"tenant\": \"acme\"}").fault("/permissions");
    assertThat(operator.post(KEYS, acme + "\"permissions\": [\"all\"]}").fault("/permissions/0"))
        .startsWith("must be one of events:write");
    operator
        .post(KEYS, acme + "\"permissions\": [\"events:write\"], \"scopes\": [\"moon\"]}")
        .fault("/scopes");
    operator
        .post(
            KEYS,
            acme + "\"permissions\": [\"events:write\"], \"expiresAt\": \"2001-01-01T00:00:00Z\"}")
        .fault("/expiresAt");
    operator
        .post(KEYS, acme + "\"permissions\": [\"events:write\"], \"expiresAt\": \"soon\"}")
        .fault("/expiresAt");
  }

  @Test
  void onlyOperatorsGetIn() throws Exception {
    HttpCall tenant = server.as(server.key(server.acme, ENDPOINTS_READ));
    for (String path : List.of(TENANTS, TENANTS + "/acme", KEYS)) {
      tenant.get(path).problem(403);
      server.as(null).get(path).problem(401);
    }
    tenant.post(TENANTS, "{}").problem(403);
    tenant.post(KEYS, "{}").problem(403);
    tenant.delete(KEYS + "/key_1").problem(403);
  }
}
