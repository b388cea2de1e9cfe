package dev.posthaste.openapi;

import dev.posthaste.support.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Sends requests exactly as they are, also those that no proper client would send. */
final class Client implements AutoCloseable {
  private static final int SHOWN = 400;

  private final Vertx vertx = Vertx.vertx();

  /** All of it happens here, so that no part of an answer comes before somebody listens. */
  private final Context loop = vertx.getOrCreateContext();

  private final HttpClient http;
  private final int port;

  Client(int port) {
    this.port = port;
    this.http = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(true));
  }

  /**
   * A request.
   *
   * @param target path and query as they stand in the request line
   * @param body none if null
   */
  record Request(String method, String target, Map<String, String> headers, Buffer body) {
    @Override
    public String toString() {
      String shown =
          body == null
              ? ""
              : "\n  body (" + body.length() + " bytes): " + shortened(body.toString());
      return method + " " + shortened(target) + "\n  headers: " + headers + shown;
    }
  }

  /** What came back. */
  record Answer(int status, MultiMap headers, Buffer body) {
    JsonObject json() {
      return body.length() == 0 ? new JsonObject() : body.toJsonObject();
    }

    @Override
    public String toString() {
      return status + " " + headers.get("content-type") + " " + shortened(body.toString());
    }
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  static Buffer utf8(String text) {
    return Buffer.buffer(text.getBytes(StandardCharsets.UTF_8));
  }

  Answer send(Request request) {
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setMethod(HttpMethod.valueOf(request.method))
            .setURI(request.target)
            .setTimeout(30_000);
    request.headers.forEach(options::putHeader);
    Promise<Answer> answer = Promise.promise();
    loop.runOnContext(start -> exchange(options, request.body).onComplete(answer));
    return Await.value(answer.future());
  }

  private Future<Answer> exchange(RequestOptions options, Buffer body) {
    return http.request(options)
        .compose(out -> body == null ? out.send() : out.send(body))
        .compose(in -> in.body().map(read -> new Answer(in.statusCode(), in.headers(), read)));
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }
}
