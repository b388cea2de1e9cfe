package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.PublicId;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Sql;
import dev.posthaste.support.StreamClient;
import dev.posthaste.support.StreamClient.Stream;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A stream is open no longer than its key is good. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamKeyTest {
  private static final int POLICY_VIOLATION = 1008;

  private DatabaseUrl url;
  private RunningServer server;
  private StreamClient client;

  @BeforeAll
  void open(DatabaseUrl database, @TempDir Path folder) {
    url = database;
    server = new RunningServer(url, folder, Map.of("CLUSTER_FEED_INTERVAL", "100ms"));
    client = new StreamClient(server.port());
  }

  @AfterAll
  void close() {
    client.close();
    server.close();
  }

  private Api operator() {
    return server.api();
  }

  private String tenant(String uid) throws Exception {
    operator().call("POST", "/admin/v1/tenants", new JsonObject().put("uid", uid).put("name", uid));
    return uid;
  }

  /** The answer, which has the key's text as its secret. */
  private JsonObject key(String tenant) throws Exception {
    JsonArray permissions = new JsonArray(List.of("deliveries:read"));
    return operator()
        .call(
            "POST",
            "/admin/v1/keys",
            new JsonObject()
                .put("tenant", tenant)
                .put("name", "k")
                .put("permissions", permissions));
  }

  private static String id(JsonObject key) {
    return key.getJsonObject("key").getString("id");
  }

  private Stream stream(JsonObject key) {
    return client.open(key.getString("secret"), "");
  }

  /** It ends with its reason, the other one hears on, and the key opens no more. */
  private void assertEnds(Stream stream, JsonObject key, String tenant, Stream other) {
    assertThat(stream.awaitEnd()).isEqualTo(POLICY_VIOLATION);
    assertThat(stream.socket().closeReason())
        .isEqualTo(
            "the key was revoked, has expired, or may not read this tenant's events any more");
    server.post(
        "/webhooks/v1/events", "{\"type\":\"order.paid\",\"data\":1}", "Posthaste-Tenant", tenant);
    assertThat(other.awaitEvents(1).heard()).containsExactly("order.paid");
    assertThat(stream.heard()).isEmpty();
    UpgradeRejectedException refusal = client.refusal(key.getString("secret"), "");
    assertThat(refusal.getStatus()).isEqualTo(401);
  }

  @Test
  void aRevokedKeyEndsItsStreamAndNoOther() throws Exception {
    String tenant = tenant("revoked");
    JsonObject key = key(tenant);
    Stream stream = stream(key);
    Stream other = stream(key(tenant));
    operator().call("DELETE", "/admin/v1/keys/" + id(key), null);
    assertEnds(stream, key, tenant, other);
  }

  @Test
  void aKeyThatExpiresEndsItsStreamAndNoOther() throws Exception {
    String tenant = tenant("expired");
    JsonObject key = key(tenant);
    Stream stream = stream(key);
    Stream other = stream(key(tenant));
    // Its last second begins when the stream is open for sure.
    Sql.execute(
        url,
        "UPDATE api_key SET expires_at = now() + interval '1 second' WHERE id = "
            + PublicId.KEY.parse(id(key)).orElseThrow());
    assertEnds(stream, key, tenant, other);
  }

  @Test
  void aTenantThatIsDeletedIsHeardNoMore() throws Exception {
    String tenant = tenant("deleted");
    Stream stream = stream(key(tenant));
    operator().call("DELETE", "/admin/v1/tenants/" + tenant, null);
    assertThat(stream.awaitEnd()).isEqualTo(POLICY_VIOLATION);
    assertThat(stream.socket().closeReason()).contains("may not read this tenant's events");
  }
}
