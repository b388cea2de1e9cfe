package dev.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Calls as one client. */
record HttpCall(int port, String key) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Answer get(String path) throws Exception {
    return send("GET", path, null, null);
  }

  Answer delete(String path) throws Exception {
    return send("DELETE", path, null, null);
  }

  Answer post(String path, String json) throws Exception {
    return send("POST", path, "application/json", json);
  }

  Answer patch(String path, String json) throws Exception {
    return send("PATCH", path, "application/json", json);
  }

  Answer send(String method, String path, String contentType, String body) throws Exception {
    HttpRequest.Builder request = request(path).method(method, publisher(body));
    if (contentType != null) {
      request.header("content-type", contentType);
    }
    return send(request);
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    return key == null ? request : request.header("authorization", "Bearer " + key);
  }

  Answer send(HttpRequest.Builder request) throws Exception {
    // The client's own timeout ends with the headers: a body that stalls would hang the run.
    return new Answer(
        CLIENT.sendAsync(request.build(), BodyHandlers.ofString()).get(30, TimeUnit.SECONDS));
  }

  private static HttpRequest.BodyPublisher publisher(String body) {
    return body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
  }

  /** What came back. */
  record Answer(HttpResponse<String> http) {
    int status() {
      return http.statusCode();
    }

    String text() {
      return http.body();
    }

    JsonObject json() {
      return new JsonObject(http.body());
    }

    JsonObject json(String name) {
      return json().getJsonObject(name);
    }

    JsonArray list(String name) {
      return json().getJsonArray(name);
    }

    String header(String name) {
      return http.headers().firstValue(name).orElse(null);
    }

    Answer ok(int status) {
      assertThat(http.statusCode()).as(http.body()).isEqualTo(status);
      return this;
    }

    /** Checks that it is a whole problem. */
    JsonObject problem(int status) {
      ok(status);
      assertThat(header("content-type")).isEqualTo("application/problem+json");
      JsonObject problem = json();
      assertThat(problem.getInteger("status")).isEqualTo(status);
      assertThat(problem.fieldNames())
          .contains("type", "title", "detail", "code", "message", "instance");
      assertThat(problem.getString("detail")).isNotBlank();
      return problem;
    }

    /** The message for that place of invalid input. */
    String fault(String pointer) {
      Optional<String> message =
          problem(422).getJsonArray("errors").stream()
              .map(JsonObject.class::cast)
              .filter(error -> error.getString("pointer").equals(pointer))
              .map(error -> error.getString("message"))
              .findFirst();
      assertThat(message).as(text()).isPresent();
      return message.get();
    }
  }
}
