package dev.posthaste;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.SettingsReader;
import dev.posthaste.support.Api;
import dev.posthaste.support.Exposition;
import dev.posthaste.support.HeldPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The whole server in this process, on a real PostgreSQL, with a key of the operator. */
public final class RunningServer implements AutoCloseable {
  public static final String KEY = "operator-key-for-tests-0123456789abcdef";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Server server;
  private final HeldPort held = new HeldPort();
  private final int port = held.number();

  /**
   * Starts it.
   *
   * @param folder for its data
   * @param more settings as in the environment, without the prefix
   */
  public RunningServer(DatabaseUrl url, Path folder, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("POSTHASTE_DATABASE_URL", text(url));
    environment.put("POSTHASTE_DATA_DIR", folder.toString());
    environment.put("POSTHASTE_HTTP_HOST", "127.0.0.1");
    environment.put("POSTHASTE_HTTP_PORT", Integer.toString(port));
    environment.put("POSTHASTE_HTTP_EVENT_LOOPS", "2");
    environment.put("POSTHASTE_OPERATOR_KEY", KEY);
    environment.put("POSTHASTE_TARGETS_ALLOW", "127.0.0.0/8");
    environment.put("POSTHASTE_TARGETS_HTTP", "true");
    more.forEach((name, value) -> environment.put("POSTHASTE_" + name, value));
    server = new Server(SettingsReader.read(Optional.empty(), environment));
    server.start();
  }

  static String text(DatabaseUrl url) {
    return "postgresql://%s:%s@%s:%d/%s?sslmode=disable"
        .formatted(url.user(), url.password().reveal(), url.host(), url.port(), url.database());
  }

  Api api() {
    return apiAs(KEY);
  }

  /** For the bearer of another key. */
  public Api apiAs(String key) {
    return new Api(URI.create("http://127.0.0.1:" + port), key);
  }

  Exposition metrics() {
    return Exposition.parse(get(port, "/metrics").body());
  }

  public HttpResponse<String> get(int ofPort, String path, String... headers) {
    return send(request(ofPort, path, headers));
  }

  /** By the operator; the body of the answer. */
  public String post(String path, String json, String... headers) {
    return send(request(port, path, headers)
            .header("authorization", "Bearer " + KEY)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)))
        .body();
  }

  private static HttpRequest.Builder request(int port, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } finally {
      held.close();
    }
  }
}
