package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FailuresTest extends WithApiServer {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";
  private static final String MINIMAL =
      "{\"url\": \"https://example.com\", \"eventTypeFilters\": [\"*\"]}";

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
