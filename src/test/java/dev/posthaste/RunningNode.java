package dev.posthaste;

import dev.posthaste.contract.CatalogReader;
import dev.posthaste.contract.ContractReader;
import dev.posthaste.event.EventType;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.Settings;
import dev.posthaste.settings.SettingsReader;
import dev.posthaste.store.DataFolder;
import dev.posthaste.support.Await;
import dev.posthaste.support.HeldPort;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole node in this process, on a database that was migrated; with a quick heartbeat, and quick
 * to tell of a backlog.
 */
final class RunningNode implements AutoCloseable {
  private static final String KEY = "operator-key-for-tests-0123456789abcdef";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Parsing the document at the start takes longer than a loop of tests may. */
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));

  private final DataFolder folder;
  private final Node node;
  private final HeldPort held = new HeldPort();
  private final int port;

  RunningNode(Path data, DatabaseUrl url) {
    this(data, url, Clock.systemUTC());
  }

  /** On a machine that shows this time. */
  RunningNode(Path data, DatabaseUrl url, Clock clock) {
    folder = DataFolder.open(data);
    Settings settings = settings(url, held.number());
    Map<String, Map<String, EventType>> catalogs = new HashMap<>();
    CatalogReader.read(Optional.empty())
        .byName()
        .forEach((name, catalog) -> catalogs.put(name, catalog.byName()));
    node =
        new Node(
            Engine.of(vertx, new Watch(settings)),
            settings,
            new Server.Definitions(ContractReader.read(Optional.empty()), catalogs),
            new Node.Place(folder, url),
            clock);
    port = Await.value(node.start());
  }

  private static Settings settings(DatabaseUrl url, int port) {
    Map<String, String> variables = new HashMap<>();
    variables.put("POSTHASTE_HTTP_PORT", Integer.toString(port));
    variables.put("POSTHASTE_HTTP_HOST", "127.0.0.1");
    variables.put("POSTHASTE_HTTP_EVENT_LOOPS", "2");
    variables.put("POSTHASTE_OPERATOR_KEY", KEY);
    variables.put("POSTHASTE_ENCRYPTION_KEYS", "k:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    variables.put("POSTHASTE_TARGETS_ALLOW", "127.0.0.0/8");
    variables.put("POSTHASTE_TARGETS_HTTP", "true");
    variables.put("POSTHASTE_CLUSTER_HEARTBEAT", "200ms");
    variables.put("POSTHASTE_DEFERRED_CLAIM_INTERVAL", "100ms");
    variables.put("POSTHASTE_ALERTS_BACKLOG_AGE", "1s");
    variables.put(
        "POSTHASTE_DATABASE_URL",
        "postgresql://%s:%s@%s:%d/%s"
            .formatted(
                url.user(), url.password().reveal(), url.host(), url.port(), url.database()));
    return SettingsReader.read(Optional.empty(), variables);
  }

  /** Calls with the operator key, for a tenant. */
  JsonObject call(String tenant, String method, String path, String body) {
    try {
      HttpResponse<String> answer =
          HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .timeout(Duration.ofSeconds(20))
                  .header("authorization", "Bearer " + KEY)
                  .header("content-type", "application/json")
                  .header("Posthaste-Tenant", tenant)
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new AssertionError(method + " " + path + ": " + answer.body());
      }
      return answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Whether somebody takes requests at its port. */
  boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  void createTenant(String uid, String contract) {
    JsonObject body = new JsonObject().put("uid", uid).put("name", uid).put("contract", contract);
    call("default", "POST", "/admin/v1/tenants", body.encode());
  }

  /** The id of a new endpoint. */
  String createEndpoint(String tenant, String url, String... filters) {
    JsonObject body =
        new JsonObject().put("url", url).put("eventTypeFilters", new JsonArray(List.of(filters)));
    return call(tenant, "POST", "/webhooks/v1/endpoints", body.encode())
        .getJsonObject("endpoint")
        .getString("id");
  }

  JsonObject endpoint(String tenant, String id) {
    return call(tenant, "GET", "/webhooks/v1/endpoints/" + id, "").getJsonObject("endpoint");
  }

  JsonObject patch(String tenant, String id, String body) {
    return call(tenant, "PATCH", "/webhooks/v1/endpoints/" + id, body).getJsonObject("endpoint");
  }

  /** Accepts events of a type, all in one request. */
  void publish(String tenant, String type, int events) {
    JsonArray batch = new JsonArray();
    for (int i = 0; i < events; i++) {
      batch.add(new JsonObject().put("type", type).put("data", new JsonObject().put("n", i)));
    }
    call(tenant, "POST", "/webhooks/v1/events/batch", batch.encode());
  }

  @Override
  public void close() {
    try (held) {
      Await.value(node.stop());
      Await.value(vertx.close());
      folder.close();
    }
  }
}
