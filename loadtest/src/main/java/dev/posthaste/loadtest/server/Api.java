package dev.posthaste.loadtest.server;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The HTTP API as a client of it sees it. Blocks; thread-safe. */
public final class Api implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private final String key;

  public Api(int port, String key) {
    this(URI.create("http://127.0.0.1:" + port), key);
  }

  /** Of a server anywhere. */
  public Api(URI url, String key) {
    this.base = url.toString();
    this.key = key;
  }

  /** What came back. */
  public record Answer(int status, JsonObject body) {}

  /** Creates something; anything but success is an error. */
  public JsonObject post(String path, JsonObject body) {
    return expect(send("POST", path, body.encode()), path);
  }

  public JsonObject get(String path) {
    return expect(send("GET", path, ""), path);
  }

  public void delete(String path) {
    expect(send("DELETE", path, ""), path);
  }

  private static JsonObject expect(Answer answer, String path) {
    if (answer.status() >= 300) {
      throw new IllegalStateException(
          path + " answered " + answer.status() + " " + answer.body().encode());
    }
    return answer.body();
  }

  /** Sends and gives back whatever the answer is. */
  public Answer send(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(TIMEOUT)
            .header("authorization", "Bearer " + key)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("content-type", "application/json");
    }
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      String text = answer.body();
      return new Answer(
          answer.statusCode(), text.startsWith("{") ? new JsonObject(text) : new JsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
