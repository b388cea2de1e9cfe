package dev.posthaste.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A caller of the management API: blocks, and fails on what is not a 2xx. */
public final class Api {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI base;
  private final String key;

  public Api(URI base, String key) {
    this.base = base;
    this.key = key;
  }

  /** Creates an endpoint; the answer has its secret. */
  public JsonObject createEndpoint(String url, String... filters) throws Exception {
    return call(
        "POST",
        "/webhooks/v1/endpoints",
        new JsonObject()
            .put("url", url)
            .put("eventTypeFilters", new JsonArray(java.util.List.of(filters))));
  }

  public JsonObject get(String path) throws Exception {
    return call("GET", path, null);
  }

  public JsonObject call(String method, String path, JsonObject body) throws Exception {
    HttpResponse<String> answer = raw(method, path, body);
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
    }
    return answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
  }

  public HttpResponse<String> raw(String method, String path, JsonObject body) throws Exception {
    return rawText(method, path, body == null ? null : body.encode());
  }

  /** The same with a body that is sent as it stands. */
  public HttpResponse<String> rawText(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(10))
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
