package dev.posthaste.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** Calls the API and waits for the answer. What is not a success becomes words. */
final class ApiClient {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration TRANSFER = Duration.ofHours(1);
  private static final int OK = 200;

  private static final int TOO_MANY = 429;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI base;
  private final String key;
  private final Optional<String> tenant;

  ApiClient(URI base, String key, Optional<String> tenant) {
    this.base = base;
    this.key = key;
    this.tenant = tenant;
  }

  /** Also without parameters; those that are null are left out. */
  JsonObject get(String path, Map<String, ?> query) {
    String text =
        query.entrySet().stream()
            .filter(entry -> entry.getValue() != null)
            .map(entry -> entry.getKey() + "=" + encoded(entry.getValue().toString()))
            .collect(Collectors.joining("&"));
    return call("GET", text.isEmpty() ? path : path + "?" + text, Optional.empty());
  }

  JsonObject get(String path) {
    return get(path, Map.of());
  }

  JsonObject post(String path, JsonObject body) {
    return call("POST", path, Optional.of(body.encode()));
  }

  JsonObject patch(String path, JsonObject body) {
    return call("PATCH", path, Optional.of(body.encode()));
  }

  void delete(String path) {
    call("DELETE", path, Optional.empty());
  }

  /** Text that stands in a path. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A body that is JSON already goes as it is. */
  JsonObject call(String method, String path, Optional<String> body) {
    HttpRequest.Builder request =
        request(path)
            .method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
    body.ifPresent(json -> request.header("content-type", "application/json"));
    return json(request.build());
  }

  /** Posts a file as it is. */
  JsonObject upload(String path, Path file, String contentType) {
    try {
      return json(
          request(path)
              .timeout(TRANSFER)
              .header("content-type", contentType)
              .POST(BodyPublishers.ofFile(file))
              .build());
    } catch (FileNotFoundException e) {
      throw new CommandFailure("The file " + file + " cannot be read.");
    }
  }

  /** Fetches what a link leads to, without a key. */
  void download(URI link, Path file) {
    HttpResponse<Path> answer =
        send(
            HttpRequest.newBuilder(base.resolve(link)).timeout(TRANSFER).build(),
            BodyHandlers.ofFile(file));
    if (answer.statusCode() != OK) {
      throw new CommandFailure("The file cannot be fetched: HTTP " + answer.statusCode() + ".");
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(PATIENCE)
            .header("authorization", "Bearer " + key);
    tenant.ifPresent(name -> request.header("Posthaste-Tenant", name));
    return request;
  }

  private JsonObject json(HttpRequest request) {
    HttpResponse<String> answer = send(request, BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new CommandFailure(words(answer.statusCode(), answer.body()));
    }
    return answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new CommandFailure(unreachable(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("Interrupted.");
    }
  }

  /**
   * Opens a WebSocket.
   *
   * @throws TryAgainLater if the server cannot be reached, is busy or stops
   * @throws CommandFailure if it refuses
   */
  void open(String path, WebSocket.Listener listener) {
    WebSocket.Builder socket =
        http.newWebSocketBuilder()
            .connectTimeout(PATIENCE)
            .header("authorization", "Bearer " + key);
    tenant.ifPresent(name -> socket.header("Posthaste-Tenant", name));
    URI at = base.resolve(path);
    try {
      socket
          .buildAsync(URI.create("ws" + at.toString().substring("http".length())), listener)
          .join();
    } catch (CompletionException e) {
      throw refusal(e.getCause());
    }
  }

  private CommandFailure refusal(Throwable cause) {
    if (!(cause instanceof WebSocketHandshakeException refused)) {
      return new TryAgainLater(unreachable(cause));
    }
    HttpResponse<?> answer = refused.getResponse();
    String words = words(answer.statusCode(), String.valueOf(answer.body()));
    boolean passes = answer.statusCode() == TOO_MANY || answer.statusCode() >= 500;
    return passes ? new TryAgainLater(words) : new CommandFailure(words);
  }

  private String unreachable(Throwable cause) {
    return "The server at %s cannot be reached (%s). Is it running? Another one is named by --url."
        .formatted(base, cause);
  }

  private static String words(int status, String body) {
    try {
      JsonObject problem = new JsonObject(body);
      JsonArray faults = problem.getJsonArray("errors", new JsonArray());
      String detail = problem.getString("detail", problem.getString("title", body));
      return faults.size() < 2
          ? detail
          : faults.stream()
              .map(JsonObject.class::cast)
              .map(fault -> fault.getString("pointer") + ": " + fault.getString("message"))
              .collect(Collectors.joining("\n"));
    } catch (DecodeException e) {
      return "HTTP " + status + " " + body;
    }
  }
}
