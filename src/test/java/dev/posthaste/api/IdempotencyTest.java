package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.support.Sql;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdempotencyTest extends WithApiServer {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";
  private static final String BODY =
      """
      {"url": "https://example.com/a", "eventTypeFilters": ["vault.*"]}
      """;

  private String key;
  private HttpCall acme;

  @BeforeEach
  void startEmpty() throws Exception {
    server.sql("TRUNCATE endpoint_secret, endpoint, kept_answer, audit CASCADE");
    key = server.key(server.acme, ENDPOINTS_WRITE, ENDPOINTS_READ);
    acme = server.as(key);
  }

  private static HttpCall.Answer post(HttpCall as, String path, String name, String body)
      throws Exception {
    return as.send(
        as.request(path)
            .header("content-type", "application/json")
            .header("idempotency-key", name)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private List<String> column(String sql) throws Exception {
    return Sql.column(server.url, sql);
  }

  private void holds(int endpoints, int audits) throws Exception {
    assertThat(column("SELECT count(*) FROM endpoint")).containsExactly("" + endpoints);
    assertThat(column("SELECT count(*) FROM audit")).containsExactly("" + audits);
  }

  @Test
  void aRepeatGetsTheSameAnswerWithTheSecretInIt() throws Exception {
    HttpCall.Answer first = post(acme, ENDPOINTS, "\"one\"", BODY).ok(201);
    assertThat(first.header("idempotent-replayed")).isNull();
    HttpCall.Answer again = post(acme, ENDPOINTS, "one", BODY).ok(201);
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.json().getString("signingSecret")).startsWith("whsec_");
    assertThat(again.header("idempotent-replayed")).isEqualTo("true");
    holds(1, 1);
    String secret = first.json().getString("signingSecret");
    assertThat(column("SELECT encode(body, 'escape') FROM kept_answer"))
        .noneMatch(stored -> stored.contains(secret) || stored.contains("example.com"));
  }

  @Test
  void anotherRequestWithTheSameKeyIsRefused() throws Exception {
    String id = post(acme, ENDPOINTS, "one", BODY).ok(201).json("endpoint").getString("id");
    assertThat(
            post(acme, ENDPOINTS, "one", BODY.replace("/a", "/b")).fault("/header/Idempotency-Key"))
        .contains("another request");
    post(acme, ENDPOINTS + "/" + id + "/rotate_secret", "one", BODY.replaceAll("(?s).*", ""))
        .problem(422);
    holds(1, 1);
  }

  @Test
  void keysOfDifferentClientsDoNotMeet() throws Exception {
    post(acme, ENDPOINTS, "one", BODY).ok(201);
    post(server.as(server.key(server.acme, ENDPOINTS_WRITE)), ENDPOINTS, "one", BODY).ok(201);
    post(server.as(server.key(server.other, ENDPOINTS_WRITE)), ENDPOINTS, "one", BODY).ok(201);
    holds(3, 3);
  }

  @Test
  void aRefusedRequestIsNotRemembered() throws Exception {
    post(acme, ENDPOINTS, "one", "{}").problem(422);
    post(acme, ENDPOINTS, "one", BODY).ok(201);
    post(acme, ENDPOINTS, "x".repeat(256), BODY).problem(400);
    holds(1, 1);
  }

  @Test
  void afterADayTheKeyIsFreeAgain() throws Exception {
    post(acme, ENDPOINTS, "one", BODY).ok(201);
    server.sql("UPDATE kept_answer SET expires_at = now() - interval '1 s'");
    HttpCall.Answer later = post(acme, ENDPOINTS, "one", BODY.replace("/a", "/b")).ok(201);
    assertThat(later.header("idempotent-replayed")).isNull();
    assertThat(column("SELECT count(*) FROM kept_answer")).containsExactly("1");
    holds(2, 2);
  }

  @Test
  void aClientWhoseConnectionWasCutRepeatsAndNothingIsDoneTwice() throws Exception {
    String request =
        "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAccept: */*\r\nIdempotency-Key: \"cut\"\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(ENDPOINTS, key, BODY.length(), BODY);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), acme.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    }
    await()
        .untilAsserted(
            () -> assertThat(column("SELECT count(*) FROM kept_answer")).containsExactly("1"));
    HttpCall.Answer answer = post(acme, ENDPOINTS, "cut", BODY).ok(201);
    assertThat(answer.header("idempotent-replayed")).isEqualTo("true");
    holds(1, 1);
  }

  @Test
  void whileTheFirstIsUnderWayTheSecondIsToldToComeAgainAndACrashLeavesNothing() throws Exception {
    try (Connection busy = Sql.connect(server.url);
        var statement = busy.createStatement()) {
      busy.setAutoCommit(false);
      statement.execute("SELECT 1 FROM tenant FOR UPDATE");
      CompletableFuture<HttpCall.Answer> first = inBackground();
      String blocked =
          "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
              + " AND wait_event_type = 'Lock' AND query LIKE '%FROM tenant%NO KEY%'";
      await().until(() -> column(blocked), found -> !found.isEmpty());
      HttpCall.Answer second = post(acme, ENDPOINTS, "one", BODY);
      assertThat(second.problem(409).getString("code")).isEqualTo("under_way");
      assertThat(second.header("retry-after")).isEqualTo("1");
      assertThat(second.header("x-should-retry")).isNull();
      server.sql(blocked.replace("SELECT pid", "SELECT pg_terminate_backend(pid)"));
      HttpCall.Answer killed = first.get(30, TimeUnit.SECONDS);
      assertThat(killed.status()).isEqualTo(503);
      assertThat(killed.header("x-should-retry")).isNull();
      busy.rollback();
    }
    holds(0, 0);
    post(acme, ENDPOINTS, "one", BODY).ok(201);
    holds(1, 1);
  }

  private CompletableFuture<HttpCall.Answer> inBackground() {
    CompletableFuture<HttpCall.Answer> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                answer.complete(post(acme, ENDPOINTS, "one", BODY));
              } catch (Exception e) {
                answer.completeExceptionally(e);
              }
            });
    return answer;
  }

  @Test
  void ofManyAtOnceOneHasAnEffect() throws Exception {
    List<CompletableFuture<HttpCall.Answer>> answers =
        java.util.stream.Stream.generate(this::inBackground).limit(20).toList();
    for (CompletableFuture<HttpCall.Answer> answer : answers) {
      assertThat(answer.get(30, TimeUnit.SECONDS).status()).isIn(201, 409);
    }
    holds(1, 1);
  }
}
