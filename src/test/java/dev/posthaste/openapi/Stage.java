package dev.posthaste.openapi;

import dev.posthaste.RunningServer;
import dev.posthaste.openapi.Client.Answer;
import dev.posthaste.openapi.Client.Request;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.RecordingReceiver;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A whole server with two tenants, {@code acme} and {@code other}, and a receiver. */
final class Stage implements AutoCloseable {
  static final String ACME = "acme";
  static final String OTHER = "other";

  final RecordingReceiver receiver = new RecordingReceiver();
  final Client client;
  final Document document;
  private final RunningServer server;

  Stage(DatabaseUrl url, Path folder) {
    server = new RunningServer(url, folder, Map.of("API_REQUESTS_PER_SECOND", "1000000"));
    client = new Client(server.port());
    document = new Document(client.send(get("/openapi.json", Map.of())).json());
    for (String tenant : new String[] {ACME, OTHER}) {
      operator(
          "default",
          "POST",
          "/admin/v1/tenants",
          new JsonObject().put("uid", tenant).put("name", tenant));
    }
  }

  private static Request get(String path, Map<String, String> headers) {
    return new Request("GET", path, headers, null);
  }

  /** With a key, none if null. */
  static Map<String, String> headers(String key) {
    Map<String, String> headers = new HashMap<>();
    if (key != null) {
      headers.put("authorization", "Bearer " + key);
    }
    return headers;
  }

  /** By the operator, for a tenant; fails unless it succeeds. */
  JsonObject operator(String tenant, String method, String path, JsonObject body) {
    Answer answer = tryAsOperator(tenant, method, path, body == null ? null : body.toBuffer());
    if (answer.status() / 100 != 2) {
      throw new AssertionError(method + " " + path + ": " + answer);
    }
    return answer.json();
  }

  Answer tryAsOperator(String tenant, String method, String path, Buffer body) {
    Map<String, String> headers = headers(RunningServer.KEY);
    headers.put("posthaste-tenant", tenant);
    if (body != null) {
      headers.put("content-type", "application/json");
    }
    return client.send(new Request(method, path, headers, body));
  }

  /** The text of a new key of a tenant. */
  String key(String tenant, String... permissions) {
    JsonObject body =
        new JsonObject()
            .put("name", "test")
            .put("tenant", tenant)
            .put("permissions", new io.vertx.core.json.JsonArray(java.util.List.of(permissions)));
    return operator(tenant, "POST", "/admin/v1/keys", body).getString("secret");
  }

  @Override
  public void close() {
    client.close();
    server.close();
    receiver.close();
  }
}
