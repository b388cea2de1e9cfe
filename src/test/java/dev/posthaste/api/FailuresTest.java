package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.support.Sql;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FailuresTest extends WithApiServer {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";
  private static final String MINIMAL =
      "{\"url\": \"https://example.com\", \"eventTypeFilters\": [\"*\"]}";

  private static final String END_COMMITTING =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT'"
          + " AND wait_event = 'PgSleep' AND datname = current_database()";

  private HttpCall acme;

  @BeforeAll
  void makeKeys() throws Exception {
    acme = server.as(server.key(server.acme, ENDPOINTS_READ, ENDPOINTS_WRITE));
  }

  private HttpCall.Answer failing(Throwable failure) throws Exception {
    Router router = Router.router(server.vertx);
    router.get("/x").handler(context -> context.fail(failure));
    router.route().failureHandler(new FailureHandler());
    HttpServer http =
        server
            .vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .await(5, TimeUnit.SECONDS);
    return new HttpCall(http.actualPort(), null).get("/x");
  }

  @Test
  void whatNobodyExpectedIsAnInternalErrorThatTellsNothing() throws Exception {
    var answer = failing(new IllegalStateException("the secret reason"));
    assertThat(answer.problem(500).getString("code")).isEqualTo("internal_error");
    assertThat(answer.text()).doesNotContain("secret reason");
  }

  @Test
  void aDatabaseThatIsAwayIsWorthAnotherTry() throws Exception {
    for (Throwable failure :
        new Throwable[] {
          new ConnectException("refused"),
          ClosedConnectionException.INSTANCE,
          new PgException("disk full", "ERROR", "53100", ""),
          new PgException("stopping", "FATAL", "57P01", "")
        }) {
      var answer = failing(failure);
      answer.problem(503);
      assertThat(answer.header("retry-after")).isEqualTo("2");
    }
  }

  @Test
  void aQueryThatTakesTooLongAsksForLess() throws Exception {
    var answer = failing(new PgException("canceled", "ERROR", "57014", ""));
    assertThat(answer.problem(503).getString("detail")).contains("since");
  }

  @Test
  void aBrokenDatabaseIsNoEmptyAnswer() throws Exception {
    server.sql("ALTER TABLE endpoint_secret RENAME TO elsewhere");
    try {
      acme.get(ENDPOINTS).problem(500);
      acme.post(ENDPOINTS, MINIMAL).problem(500);
    } finally {
      server.sql("ALTER TABLE elsewhere RENAME TO endpoint_secret");
    }
    acme.get(ENDPOINTS).ok(200);
  }

  @Test
  void whatPostgresEndsInItsCommitIsNotToBeRepeatedWithoutAName() throws Exception {
    server.sql(
        "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM"
            + " pg_sleep(30); RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON endpoint DEFERRABLE INITIALLY DEFERRED"
            + " FOR EACH ROW EXECUTE FUNCTION dawdle()");
    try {
      var answer = endedInItsCommit(acme.request(ENDPOINTS));
      answer.problem(503);
      assertThat(answer.header("x-should-retry")).isEqualTo("false");
      var named = endedInItsCommit(acme.request(ENDPOINTS).header("idempotency-key", "ended"));
      named.problem(503);
      assertThat(named.header("x-should-retry")).isNull();
    } finally {
      server.sql("DROP TRIGGER dawdle ON endpoint");
    }
  }

  private HttpCall.Answer endedInItsCommit(HttpRequest.Builder request) throws Exception {
    request.header("content-type", "application/json").POST(BodyPublishers.ofString(MINIMAL));
    try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpCall.Answer> answer = other.submit(() -> acme.send(request));
      await().until(() -> !Sql.column(server.url, END_COMMITTING).isEmpty());
      return answer.get();
    }
  }

  @Test
  void anEndpointThatIsCommittedIsAnsweredWithItsSecretWhateverComesAfter() throws Exception {
    server.deaf = true;
    try {
      assertThat(acme.post(ENDPOINTS, MINIMAL).ok(201).json().getString("signingSecret"))
          .startsWith("whsec_");
    } finally {
      server.deaf = false;
    }
  }
}
