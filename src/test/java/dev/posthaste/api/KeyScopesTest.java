package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.PublicId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KeyScopesTest extends WithApiServer {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";

  private HttpCall vaultOnly;
  private HttpCall all;

  @BeforeAll
  void makeKeys() throws Exception {
    vaultOnly =
        server.as(server.key(server.acme, Set.of("vault"), ENDPOINTS_READ, ENDPOINTS_WRITE));
    all = server.as(server.key(server.acme, ENDPOINTS_READ, ENDPOINTS_WRITE));
  }

  private static String subscribing(String... filters) {
    return new JsonObject()
        .put("url", "https://example.com")
        .put("eventTypeFilters", new JsonArray(List.of(filters)))
        .encode();
  }

  private static long number(JsonObject endpoint) {
    return PublicId.ENDPOINT.parse(endpoint.getString("id")).orElseThrow();
  }

  private boolean gets(long endpoint, String type) {
    return server.registry.targets(server.acme, type, Optional.of("v")).contains(endpoint);
  }

  @Test
  void aTypeOutsideOfTheScopesIsForbidden() throws Exception {
    vaultOnly.post(ENDPOINTS, subscribing("vault.done")).ok(201);
    vaultOnly.post(ENDPOINTS, subscribing("vault.*", "agent.run.done")).problem(403);
    vaultOnly.post(ENDPOINTS, subscribing("agent.*")).problem(403);
  }

  @Test
  void aStarCoversOnlyWhatTheKeyMayReceive() throws Exception {
    long narrow = number(vaultOnly.post(ENDPOINTS, subscribing("*")).ok(201).json("endpoint"));
    assertThat(gets(narrow, "vault.done")).isTrue();
    assertThat(gets(narrow, "agent.run.done")).isFalse();
    long wide = number(all.post(ENDPOINTS, subscribing("*")).ok(201).json("endpoint"));
    assertThat(gets(wide, "agent.run.done")).isTrue();
  }

  @Test
  void aNarrowKeyCannotTakeMoreByRedirectingAWideEndpoint() throws Exception {
    JsonObject wide = all.post(ENDPOINTS, subscribing("*")).ok(201).json("endpoint");
    String path = ENDPOINTS + "/" + wide.getString("id");
    vaultOnly.patch(path, "{\"description\": \"d\"}").ok(200);
    assertThat(gets(number(wide), "agent.run.done")).isTrue();
    vaultOnly.patch(path, "{\"url\": \"https://mine.example\"}").ok(200);
    assertThat(gets(number(wide), "agent.run.done")).isFalse();
    assertThat(gets(number(wide), "vault.done")).isTrue();
    JsonObject agents = all.post(ENDPOINTS, subscribing("agent.*")).ok(201).json("endpoint");
    vaultOnly
        .patch(ENDPOINTS + "/" + agents.getString("id"), "{\"url\": \"https://mine.example\"}")
        .problem(403);
    assertThat(gets(number(agents), "agent.run.done")).isTrue();
  }

  @Test
  void aTenantWithoutACatalogMayUseAnyType() throws Exception {
    HttpCall other =
        server.as(server.key(server.other, Set.of("vault"), ENDPOINTS_READ, ENDPOINTS_WRITE));
    other.post(ENDPOINTS, subscribing("whatever.*", "made.up")).ok(201);
    assertThat(other.get("/webhooks/v1/event_types").ok(200).list("eventTypes")).isEmpty();
  }

  @Test
  void theCatalogIsListedByName() throws Exception {
    JsonArray types = all.get("/webhooks/v1/event_types").ok(200).list("eventTypes");
    assertThat(types).hasSize(3);
    JsonObject first = types.getJsonObject(0);
    assertThat(first.getString("type")).isEqualTo("agent.run.done");
    assertThat(first.getString("stability")).isEqualTo("stable");
    assertThat(first.getString("scope")).isEqualTo("agent");
    assertThat(first.getValue("resource")).isNull();
    assertThat(first.getJsonObject("schema").getString("type")).isEqualTo("object");
    assertThat(first.getJsonObject("example").getString("vaultId")).isEqualTo("v1");
  }

  @Test
  void aTenantCannotHaveMoreEndpointsThanItMay() throws Exception {
    server.sql(
        """
        INSERT INTO endpoint (id, tenant_id, url, event_type_filters)
        SELECT n, %d, 'https://example.com', '{*}' FROM generate_series(1, 100) n
        """
            .formatted(server.other.id()));
    HttpCall other = server.as(server.key(server.other, ENDPOINTS_WRITE));
    assertThat(other.post(ENDPOINTS, subscribing("*")).fault("")).contains("100 endpoints");
    server.sql("DELETE FROM endpoint WHERE id <= 100");
    other.post(ENDPOINTS, subscribing("*")).ok(201);
  }
}
