package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.contract.ContractReader;
import dev.posthaste.contract.Verifier;
import dev.posthaste.event.Payload;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.Settings;
import dev.posthaste.settings.SettingsReader;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Received;
import dev.posthaste.support.Sql;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The way of the README from one key-encryption key to the next. */
@ExtendWith(PostgresExtension.class)
class ChangedEncryptionKeyTest {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";
  private static final String OLD = "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String NEW = "k2:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

  @TempDir Path folder;

  /** The current secret by the path of the endpoint. */
  private final Map<String, String> secrets = new LinkedHashMap<>();

  private final Map<String, String> ids = new LinkedHashMap<>();

  @Test
  void everyDeliveryIsSignedRightBeforeMeanwhileAndAfterwards(DatabaseUrl url) throws Exception {
    try (RecordingReceiver receiver = new RecordingReceiver()) {
      try (RunningServer server = start(url, OLD)) {
        for (int i = 0; i < 12; i++) {
          create(server, receiver, "/e" + i);
        }
        delivers(server, receiver, 1);
      }
      try (RunningServer server = start(url, NEW + "," + OLD)) {
        rotate(server, 0);
        Settings settings =
            SettingsReader.read(
                Optional.empty(),
                Map.of(
                    "POSTHASTE_DATABASE_URL",
                    RunningServer.text(url),
                    "POSTHASTE_ENCRYPTION_KEYS",
                    NEW + "," + OLD));
        Thread rotating = Thread.ofVirtual().start(() -> rotateAll(server));
        Map<String, Long> counts = Rewrapping.run(settings);
        rotating.join();
        assertThat(counts.get("endpoint.headers")).isEqualTo(12);
        assertThat(counts.get("endpoint_secret.sealed")).isPositive();
        delivers(server, receiver, 2);
      }
      assertThat(
              Sql.column(
                  url,
                  "SELECT encode(substring(sealed FROM 3 FOR 2), 'escape') FROM endpoint_secret"))
          .containsOnly("k2");
      try (RunningServer server = start(url, NEW)) {
        delivers(server, receiver, 3);
      }
    }
  }

  private RunningServer start(DatabaseUrl url, String keys) {
    return new RunningServer(url, folder, Map.of("ENCRYPTION_KEYS", keys));
  }

  private void create(RunningServer server, RecordingReceiver receiver, String path) {
    JsonObject body =
        new JsonObject()
            .put("url", receiver.url(path))
            .put("eventTypeFilters", new JsonArray().add("*"))
            .put("headers", new JsonObject().put("x-mine", path));
    JsonObject made = new JsonObject(server.post(ENDPOINTS, body.encode()));
    secrets.put(path, made.getString("signingSecret"));
    ids.put(path, made.getJsonObject("endpoint").getString("id"));
  }

  private void rotateAll(RunningServer server) {
    for (int i = 1; i < 6; i++) {
      rotate(server, i);
    }
  }

  private void rotate(RunningServer server, int number) {
    String path = "/e" + number;
    JsonObject rotated =
        new JsonObject(server.post(ENDPOINTS + "/" + ids.get(path) + "/rotate_secret", "{}"));
    secrets.put(path, rotated.getString("signingSecret"));
  }

  private void delivers(RunningServer server, RecordingReceiver receiver, int number) {
    server.post("/webhooks/v1/events", "{\"type\": \"order.paid\", \"data\": {}}");
    secrets.forEach(
        (path, secret) -> {
          await().until(() -> receiver.received(path).size() >= number);
          Received message = receiver.received(path).getLast();
          assertThat(verifies(secret, message)).as(path).isTrue();
          assertThat(message.headers().get("x-mine")).isEqualTo(path);
        });
  }

  private static boolean verifies(String secret, Received message) {
    return new Verifier(ContractReader.read(Optional.empty()).named("standard").orElseThrow())
        .accepts(
            secret,
            message.headers().get("webhook-id"),
            message.headers().get("webhook-timestamp"),
            Payload.of(message.body()),
            message.headers().get("webhook-signature"));
  }
}
