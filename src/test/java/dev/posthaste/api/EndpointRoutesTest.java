package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.PublicId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EndpointRoutesTest extends WithApiServer {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";
  private static final String MINIMAL =
      """
      {"url": "https://example.com/a", "eventTypeFilters": ["vault.*"]}
      """;

  private HttpCall acme;
  private HttpCall other;

  @BeforeAll
  void makeKeys() throws Exception {
    acme = server.as(server.key(server.acme, ENDPOINTS_READ, ENDPOINTS_WRITE));
    other = server.as(server.key(server.other, ENDPOINTS_READ, ENDPOINTS_WRITE));
  }

  private JsonObject create(String body) throws Exception {
    return acme.post(ENDPOINTS, body).ok(201).json("endpoint");
  }

  private static JsonObject body() {
    return new JsonObject(MINIMAL);
  }

  @Test
  void aNewEndpointIsAnsweredWithItsSecretAndIsMatchedAtOnce() throws Exception {
    JsonObject answer = acme.post(ENDPOINTS, MINIMAL).ok(201).json();
    assertThat(answer.getString("signingSecret")).matches("whsec_[A-Za-z0-9+/]{43}=");
    JsonObject endpoint = answer.getJsonObject("endpoint");
    assertThat(endpoint.getString("status")).isEqualTo("active");
    assertThat(endpoint.encode()).doesNotContain("whsec_");
    long id = PublicId.ENDPOINT.parse(endpoint.getString("id")).orElseThrow();
    assertThat(server.registry.targets(server.acme, "vault.done", Optional.of("v"))).contains(id);
    assertThat(server.registry.targets(server.acme, "agent.run.done", Optional.empty()))
        .doesNotContain(id);
  }

  @Test
  void everyFieldComesBackAsItWasGivenAndSensitiveHeadersAreMasked() throws Exception {
    JsonObject given =
        body()
            .put("description", "Ünïcode ✓")
            .put("resourceScopes", new JsonObject().put("vaultIds", new JsonArray().add("v1")))
            .put("contract", "casedev")
            .put(
                "headers",
                new JsonObject()
                    .put("X-Team", "a")
                    .put("Authorization", "Bearer zzz")
                    .put("x-api-key", "zzz"))
            .put("rateLimit", new JsonObject().put("count", 10).put("perSeconds", 60))
            .put("maxConcurrency", 4)
            .put("uid", "all-fields")
            .put("metadata", new JsonObject().put("a", "b"))
            .put("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    var answer = acme.post(ENDPOINTS, given.encode()).ok(201);
    assertThat(answer.json().getString("signingSecret")).isEqualTo(given.getString("secret"));
    assertThat(answer.json("endpoint").encode()).doesNotContain("zzz");
    JsonObject read = acme.get(ENDPOINTS + "/all-fields").ok(200).json("endpoint");
    assertThat(read).isEqualTo(answer.json("endpoint"));
    for (String name :
        List.of(
            "url",
            "eventTypeFilters",
            "description",
            "contract",
            "rateLimit",
            "maxConcurrency",
            "uid",
            "metadata")) {
      assertThat(read.getValue(name)).as(name).isEqualTo(given.getValue(name));
    }
    assertThat(read.getJsonObject("headers").getString("X-Team")).isEqualTo("a");
    assertThat(read.getJsonObject("resourceScopes").getJsonArray("vaultIds")).containsExactly("v1");
  }

  @Test
  void patchLeavesAloneWhatIsNotGivenAndClearsWhatIsNull() throws Exception {
    String id =
        create(
                body()
                    .put("description", "d")
                    .put("uid", "patched")
                    .put("maxConcurrency", 3)
                    .put("metadata", new JsonObject().put("k", "v"))
                    .encode())
            .getString("id");
    JsonObject changed =
        acme.patch(
                ENDPOINTS + "/patched",
                "{\"description\": null, \"metadata\": null, \"url\": \"https://example.com/b\"}")
            .ok(200)
            .json("endpoint");
    assertThat(changed.getString("id")).isEqualTo(id);
    assertThat(changed.getString("description")).isNull();
    assertThat(changed.getJsonObject("metadata")).isEmpty();
    assertThat(changed.getString("url")).isEqualTo("https://example.com/b");
    assertThat(changed.getInteger("maxConcurrency")).isEqualTo(3);
    assertThat(changed.getString("uid")).isEqualTo("patched");
    JsonObject cleared =
        acme.patch(ENDPOINTS + "/patched", "{\"uid\": null, \"maxConcurrency\": null}")
            .ok(200)
            .json("endpoint");
    assertThat(cleared.getString("uid")).isNull();
    assertThat(cleared.getInteger("maxConcurrency")).isNull();
    acme.patch(ENDPOINTS + "/" + id, "{}").ok(200);
    assertThat(acme.patch(ENDPOINTS + "/" + id, "{\"url\": null}").fault("/url"))
        .isEqualTo("must be a string, is null");
  }

  @Test
  void howDeliveriesAreWantedIsKeptAndCleared() throws Exception {
    JsonObject made =
        create(
            body()
                .put("ordering", "fifo")
                .put("retryDelaysSec", new JsonArray().add(5).add(1.5))
                .put("traceContext", true)
                .encode());
    assertThat(made.getJsonObject("ordering"))
        .isEqualTo(new JsonObject("{\"mode\": \"fifo\", \"key\": null, \"onFailure\": \"skip\"}"));
    assertThat(made.getJsonArray("retryDelaysSec")).containsExactly(5, 1.5);
    assertThat(made.getBoolean("traceContext")).isTrue();
    assertThat(made.getInteger("missedEvents")).isZero();
    String path = ENDPOINTS + "/" + made.getString("id");
    assertThat(
            acme.patch(path, "{\"ordering\": {\"key\": \"/a~1b\", \"onFailure\": \"block\"}}")
                .ok(200)
                .json("endpoint")
                .getJsonObject("ordering")
                .encode())
        .isEqualTo("{\"mode\":\"key\",\"key\":\"/a~1b\",\"onFailure\":\"block\"}");
    assertThat(acme.get(path).ok(200).json("endpoint").getJsonArray("retryDelaysSec")).hasSize(2);
    JsonObject cleared =
        acme.patch(path, "{\"ordering\": null, \"retryDelaysSec\": null, \"traceContext\": null}")
            .ok(200)
            .json("endpoint");
    assertThat(cleared.getValue("ordering")).isNull();
    assertThat(cleared.getValue("retryDelaysSec")).isNull();
    assertThat(cleared.getBoolean("traceContext")).isFalse();
  }

  @Test
  void activatingResetsTheFailuresAndDisablingStopsTheMatching() throws Exception {
    String id = create(MINIMAL).getString("id");
    long number = PublicId.ENDPOINT.parse(id).orElseThrow();
    server.sql("UPDATE endpoint SET status = 3, disabled_reason = 'gone' WHERE id = " + number);
    server.sql(
        "INSERT INTO endpoint_health (endpoint_id, consecutive_failures) VALUES (%d, 7)"
            .formatted(number));
    assertThat(
            acme.get(ENDPOINTS + "/" + id)
                .ok(200)
                .json("endpoint")
                .getInteger("consecutiveFailures"))
        .isEqualTo(7);
    assertThat(acme.get(ENDPOINTS + "?status=auto_disabled").ok(200).text()).contains(id);
    assertThat(acme.get(ENDPOINTS + "?status=active").ok(200).text()).doesNotContain(id);
    JsonObject active =
        acme.patch(ENDPOINTS + "/" + id, "{\"status\": \"active\"}").ok(200).json("endpoint");
    assertThat(active.getString("status")).isEqualTo("active");
    assertThat(active.getInteger("consecutiveFailures")).isZero();
    assertThat(active.getString("disabledReason")).isNull();
    acme.patch(ENDPOINTS + "/" + id, "{\"status\": \"disabled\"}").ok(200);
    assertThat(server.registry.targets(server.acme, "vault.done", Optional.of("v")))
        .doesNotContain(number);
  }

  @Test
  void aDeletedEndpointIsGoneAndItsUidFree() throws Exception {
    create(body().put("uid", "mayfly").encode());
    assertThat(acme.delete(ENDPOINTS + "/mayfly").ok(204).text()).isEmpty();
    acme.get(ENDPOINTS + "/mayfly").problem(404);
    acme.delete(ENDPOINTS + "/mayfly").problem(404);
    acme.patch(ENDPOINTS + "/mayfly", "{}").problem(404);
    create(body().put("uid", "mayfly").encode());
  }

  @Test
  void aUidIsUniqueInTheTenantOnly() throws Exception {
    create(body().put("uid", "taken").encode());
    var again = acme.post(ENDPOINTS, body().put("uid", "taken").encode());
    again.problem(409);
    assertThat(again.header("x-should-retry")).isEqualTo("false");
    String id = create(MINIMAL).getString("id");
    acme.patch(ENDPOINTS + "/" + id, "{\"uid\": \"taken\"}").problem(409);
    other.post(ENDPOINTS, body().put("uid", "taken").encode()).ok(201);
  }

  @Test
  void whatIsAnotherTenantsIsNotThere() throws Exception {
    String id = create(body().put("uid", "mine").encode()).getString("id");
    for (String path : List.of(ENDPOINTS + "/" + id, ENDPOINTS + "/mine")) {
      other.get(path).problem(404);
      other.patch(path, "{\"url\": \"https://evil.example\"}").problem(404);
      other.delete(path).problem(404);
    }
    assertThat(other.get(ENDPOINTS).ok(200).text()).doesNotContain(id);
    acme.get(ENDPOINTS + "/" + id).ok(200);
  }

  @Test
  void anOperatorActsForTheTenantOfTheHeader() throws Exception {
    String id = create(MINIMAL).getString("id");
    HttpCall operator = server.as(ApiServer.OPERATOR);
    operator
        .send(operator.request(ENDPOINTS + "/" + id).header("Posthaste-Tenant", "acme"))
        .ok(200);
    operator
        .send(operator.request(ENDPOINTS + "/" + id).header("Posthaste-Tenant", "other"))
        .problem(404);
    operator.send(operator.request(ENDPOINTS).header("Posthaste-Tenant", "nobody")).problem(404);
  }

  @Test
  void eachRouteNeedsItsPermission() throws Exception {
    String id = create(MINIMAL).getString("id");
    HttpCall reader = server.as(server.key(server.acme, ENDPOINTS_READ));
    HttpCall neither = server.as(server.key(server.acme, DELIVERIES_READ));
    reader.get(ENDPOINTS).ok(200);
    reader.post(ENDPOINTS, MINIMAL).problem(403);
    reader.patch(ENDPOINTS + "/" + id, "{}").problem(403);
    reader.delete(ENDPOINTS + "/" + id).problem(403);
    neither.get(ENDPOINTS).problem(403);
    neither.get(ENDPOINTS + "/" + id).problem(403);
    neither.get("/webhooks/v1/event_types").problem(403);
    server.as(null).get(ENDPOINTS).problem(401);
    assertThat(server.as("wrong").get(ENDPOINTS).problem(401).getString("detail"))
        .contains("not known");
  }

  @Test
  void aPageThatFollowsIsNotDisturbedByNewEndpoints() throws Exception {
    List<String> made = new ArrayList<>();
    HttpCall pager = server.as(server.key(server.other, ENDPOINTS_READ, ENDPOINTS_WRITE));
    for (int i = 0; i < 5; i++) {
      made.addFirst(pager.post(ENDPOINTS, MINIMAL).ok(201).json("endpoint").getString("id"));
    }
    List<String> seen = new ArrayList<>();
    String path = ENDPOINTS + "?limit=2";
    String cursor = "";
    while (cursor != null) {
      var page = pager.get(path + cursor).ok(200);
      page.list("endpoints").forEach(item -> seen.add(((JsonObject) item).getString("id")));
      pager.post(ENDPOINTS, MINIMAL).ok(201);
      cursor =
          page.json().containsKey("nextCursor")
              ? "&cursor=" + page.json().getString("nextCursor")
              : null;
    }
    assertThat(seen).startsWith(made.toArray(String[]::new)).doesNotHaveDuplicates();
  }
}
