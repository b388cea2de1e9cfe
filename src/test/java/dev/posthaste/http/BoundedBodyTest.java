package dev.posthaste.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BoundedBodyTest {
  private static final int LIMIT = 10;

  private final Vertx vertx = Vertx.vertx();

  /** Held: a client that nobody holds closes itself. */
  private HttpClient client;

  @AfterEach
  void close() throws Exception {
    vertx.close().await(5, TimeUnit.SECONDS);
  }

  @Test
  void aConnectionWithATooLongBodyIsClosed() throws Exception {
    HttpClientResponse answer = send(HttpVersion.HTTP_1_1, "x".repeat(LIMIT + 1));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.getHeader("connection")).isEqualTo("close");
  }

  @Test
  void overHttp2NothingIsSaidOfTheConnection() throws Exception {
    HttpClientResponse answer = send(HttpVersion.HTTP_2, "x".repeat(LIMIT + 1));
    assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.getHeader("connection")).isNull();
  }

  @Test
  void aBodyOfExactlyTheLimitIsRead() throws Exception {
    assertThat(send(HttpVersion.HTTP_1_1, "x".repeat(LIMIT)).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(
      value = HttpVersion.class,
      names = {"HTTP_1_1", "HTTP_2"})
  void theBytesOfABodyAreThoseThatWereSent(HttpVersion version) throws Exception {
    assertThat(echo(version, "")).isEmpty();
    assertThat(echo(version, "in one")).isEqualTo("in one");
    assertThat(echo(version, "in ", "", "three")).isEqualTo("in three");
  }

  private String echo(HttpVersion version, String... pieces) throws Exception {
    return request(version)
        .compose(
            request -> {
              request.setChunked(true);
              for (String piece : pieces) {
                request.write(piece);
              }
              return request.end().compose(v -> request.response());
            })
        .compose(HttpClientResponse::body)
        .await(5, TimeUnit.SECONDS)
        .toString();
  }

  private HttpClientResponse send(HttpVersion version, String body) throws Exception {
    return request(version).compose(request -> request.send(body)).await(5, TimeUnit.SECONDS);
  }

  private Future<HttpClientRequest> request(HttpVersion version) throws Exception {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(BoundedBodyTest::answer)
            .listen(0, "127.0.0.1")
            .await(5, TimeUnit.SECONDS);
    HttpClientOptions options =
        new HttpClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false);
    client = vertx.createHttpClient(options);
    return client.request(HttpMethod.POST, server.actualPort(), "127.0.0.1", "/");
  }

  private static void answer(HttpServerRequest request) {
    BoundedBody.read(request, LIMIT)
        .onSuccess(body -> request.response().end(Buffer.buffer(BoundedBody.bytes(body))))
        .onFailure(failure -> ((ProblemException) failure).problem().send(request.response(), "/"));
  }
}
