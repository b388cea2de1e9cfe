package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an operator changes at one node, the other one does. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenantsOverNodesTest {
  private static final String ACME = "acme";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RecordingReceiver receiver = new RecordingReceiver();
  private RunningServer one;
  private RunningServer two;
  private Api operator;

  @BeforeAll
  void start(DatabaseUrl url, @TempDir Path folder) throws Exception {
    Map<String, String> shared =
        Map.of("ENCRYPTION_KEYS", "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    one = new RunningServer(url, Files.createDirectory(folder.resolve("one")), shared);
    two = new RunningServer(url, Files.createDirectory(folder.resolve("two")), shared);
    operator = one.api();
  }

  @AfterAll
  void stop() {
    one.close();
    two.close();
    receiver.close();
  }

  private static void subscribe(RunningServer at, String tenant, String url) {
    JsonObject endpoint =
        new JsonObject().put("url", url).put("eventTypeFilters", new JsonArray().add("*"));
    assertThat(at.post("/webhooks/v1/endpoints", endpoint.encode(), "Posthaste-Tenant", tenant))
        .contains("signingSecret");
  }

  private static JsonObject post(RunningServer at, String type) {
    String event = "{\"type\": \"%s\", \"data\": {}}".formatted(type);
    return new JsonObject(at.post("/webhooks/v1/events", event, "Posthaste-Tenant", ACME));
  }

  private static boolean isRefused(RunningServer at, String type, int status) {
    return post(at, type).getInteger("status", 0) == status;
  }

  /** Whether the other node's deliveries have such a header by now. */
  private boolean arrivesWith(String header) {
    post(two, "a.b");
    return receiver.received("/acme").stream()
        .anyMatch(message -> message.headers().contains(header));
  }

  @Test
  void aTenantFollowsItsChangesOnEveryNodeUntilItIsDeleted() throws Exception {
    JsonObject acme = new JsonObject().put("uid", ACME).put("name", "Acme");
    operator.call("POST", "/admin/v1/tenants", acme);
    subscribe(one, ACME, receiver.url("/acme"));
    subscribe(one, "operations", receiver.url("/operations"));
    await().atMost(PATIENCE).until(() -> arrivesWith("webhook-id"));

    operator.call("PATCH", "/admin/v1/tenants/acme", new JsonObject().put("contract", "casedev"));
    await().atMost(PATIENCE).until(() -> arrivesWith("case-webhook-id"));

    JsonObject entry =
        new JsonObject("{\"stability\": \"beta\", \"description\": \"D\", \"example\": {}}")
            .put("schema", new JsonObject().put("type", "object"));
    operator.call("PUT", "/webhooks/v1/event_types/c.d?catalog=own", entry);
    operator.call("PATCH", "/admin/v1/tenants/acme", new JsonObject().put("catalog", "own"));
    await().atMost(PATIENCE).until(() -> isRefused(two, "a.b", 422));
    assertThat(post(two, "c.d").containsKey("event")).isTrue();

    operator.call("DELETE", "/admin/v1/tenants/acme", null);
    assertThat(isRefused(one, "c.d", 404)).isTrue();
    await().atMost(PATIENCE).until(() -> isRefused(two, "c.d", 404));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                receiver.received("/operations").stream()
                    .anyMatch(message -> message.body().contains("\"endpoint.deleted\"")));
    operator.call("DELETE", "/admin/v1/catalogs/own", null);
  }
}
