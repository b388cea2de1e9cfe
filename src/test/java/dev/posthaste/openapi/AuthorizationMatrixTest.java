package dev.posthaste.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.openapi.Client.Answer;
import dev.posthaste.openapi.Client.Request;
import dev.posthaste.openapi.Keys.Caller;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of the document, asked by every kind of key for what is its tenant's and what is
 * not. What must come of it follows from the permission that the document names.
 */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorizationMatrixTest {
  private Stage stage;
  private Things things;
  private TestDatabase db;
  private List<Caller> callers;

  @BeforeAll
  void open(DatabaseUrl url, @TempDir Path folder) {
    stage = new Stage(url, folder);
    things = new Things(stage);
    db = new TestDatabase(url);
    callers = Keys.ofEveryKind(stage, db);
  }

  @AfterAll
  void close() {
    stage.close();
    db.close();
  }

  /** What must come of it. */
  private enum Outcome {
    /** Done, or refused for what stands there already. */
    ADMITTED,
    UNAUTHORIZED,
    FORBIDDEN,
    NOT_FOUND;

    static Outcome of(Operation operation, Caller caller, boolean own) {
      String rule = operation.rule();
      if (rule.equals(Operation.PUBLIC)) {
        return ADMITTED;
      }
      if (!caller.good()) {
        return UNAUTHORIZED;
      }
      if (!caller.may(rule)) {
        return FORBIDDEN;
      }
      return own ? ADMITTED : NOT_FOUND;
    }

    boolean is(Operation operation, int status) {
      return switch (this) {
        case ADMITTED -> operation.letsIn(status);
        case UNAUTHORIZED -> status == 401;
        case FORBIDDEN -> status == 403;
        case NOT_FOUND -> status == 404;
      };
    }
  }

  @TestFactory
  Stream<DynamicTest> everyOperationAdmitsWhomTheDocumentSaysAndNobodyElse() {
    return stage.document.operations().stream()
        .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> check(operation)));
  }

  @Test
  void aKeyInTheOtherHeaderCountsAsMuch() {
    String key = Keys.withAll(stage, Stage.ACME);
    Request request = new Request("GET", "/webhooks/v1/endpoints", Map.of("x-api-key", key), null);
    assertThat(stage.client.send(request).status()).isEqualTo(200);
  }

  @Test
  void whatTheQueryNamesOfAnotherTenantIsNotThere() {
    Operation getEndpoint = operation("getEndpoint");
    Operation getEvent = operation("getEvent");
    Caller acme = callers.stream().filter(one -> one.may("deliveries:read")).findFirst().get();
    for (String query :
        List.of(
            "/webhooks/v1/deliveries?endpoint_id=" + things.make(getEndpoint, Stage.OTHER),
            "/webhooks/v1/deliveries?event_id=" + things.make(getEvent, Stage.OTHER),
            "/webhooks/v1/jobs?endpoint_id=" + things.make(getEndpoint, Stage.OTHER))) {
      Answer answer = stage.client.send(new Request("GET", query, headers(acme, true), null));
      assertThat(answer.status()).as("%s: %s", query, answer).isIn(200, 404, 422);
      if (answer.status() == 200) {
        assertThat(answer.json().stream().map(Map.Entry::getValue))
            .as("%s: %s", query, answer)
            .allMatch(list -> ((io.vertx.core.json.JsonArray) list).isEmpty());
      }
    }
  }

  private Operation operation(String id) {
    return stage.document.operations().stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private void check(Operation operation) {
    List<String> faults = new ArrayList<>();
    for (Caller caller : callers) {
      fault(operation, caller, true).ifPresent(faults::add);
      if (operation.isAboutOne() && !operation.rule().equals(Operation.OPERATOR)) {
        fault(operation, caller, false).ifPresent(faults::add);
      }
    }
    assertThat(faults).as("rule of %s: %s", operation, operation.rule()).isEmpty();
  }

  private Optional<String> fault(Operation operation, Caller caller, boolean own) {
    Outcome expected = Outcome.of(operation, caller, own);
    Request request = request(operation, caller, own);
    Answer answer = stage.client.send(request);
    return expected.is(operation, answer.status())
        ? Optional.empty()
        : Optional.of(
            "%s, %s things:\n  %s\n  expected %s, got %s"
                .formatted(caller, own ? "own" : "another tenant's", request, expected, answer));
  }

  private Request request(Operation operation, Caller caller, boolean own) {
    String whose =
        own ? caller.tenant() : caller.tenant().equals(Stage.ACME) ? Stage.OTHER : Stage.ACME;
    String target =
        operation.isAboutOne() ? operation.pathOf(things.make(operation, whose)) : operation.path();
    Map<String, String> headers = headers(caller, own);
    Buffer body = null;
    if (operation.takesBody()) {
      headers.put("content-type", operation.mediaType());
      body = new Samples(new Random(1)).body(operation);
    }
    return new Request(operation.method(), target, headers, body);
  }

  /** A tenant's key that names another tenant in the header gains nothing by it. */
  private static Map<String, String> headers(Caller caller, boolean own) {
    Map<String, String> headers = Stage.headers(caller.text());
    if (caller.operator()) {
      headers.put("posthaste-tenant", caller.tenant());
    } else if (!own) {
      headers.put("posthaste-tenant", caller.tenant().equals(Stage.ACME) ? "other" : "acme");
    }
    return headers;
  }
}
