package dev.posthaste.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.RunningServer;
import dev.posthaste.openapi.Client.Answer;
import dev.posthaste.openapi.Client.Request;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is sent to an operation, the answer is one that the document has. To look for more:
 * {@code -Dposthaste.fuzz.seed=… -Dposthaste.fuzz.cases=…}.
 */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiFuzzTest {
  private static final long SEED = Long.getLong("posthaste.fuzz.seed", 20_260_101L);
  private static final int CASES = Integer.getInteger("posthaste.fuzz.cases", 150);

  /** A thing is spoilt by some of the requests about it. */
  private static final int CASES_PER_THING = 25;

  /** More of them would say nothing new. */
  private static final int MOST_FAULTS = 5;

  private final AnswerCheck check = new AnswerCheck();
  private Stage stage;
  private Things things;
  private String key;

  @BeforeAll
  void open(DatabaseUrl url, @TempDir Path folder) {
    stage = new Stage(url, folder);
    things = new Things(stage);
    key = Keys.withAll(stage, Stage.ACME);
  }

  @AfterAll
  void close() {
    stage.close();
  }

  @TestFactory
  Stream<DynamicTest> everyAnswerIsOneOfTheDocumentWhateverIsAsked() {
    return stage.document.operations().stream()
        .map(
            operation ->
                DynamicTest.dynamicTest(operation + " with seed " + SEED, () -> fuzz(operation)));
  }

  private void fuzz(Operation operation) {
    Fuzzer fuzzer = new Fuzzer(SEED ^ operation.id().hashCode());
    List<String> found = new ArrayList<>();
    String thing = "";
    for (int i = 0; i < CASES && found.size() < MOST_FAULTS; i++) {
      if (operation.isAboutOne() && i % CASES_PER_THING == 0) {
        thing = things.make(operation, Stage.ACME);
      }
      Request request = fuzzer.next(operation, thing, headers(operation));
      Answer answer = stage.client.send(request);
      List<String> faults = check.faults(operation, request, answer);
      if (!faults.isEmpty()) {
        found.add("case %d: %s\n  %s\n  got %s".formatted(i, faults, request, answer));
      }
    }
    assertThat(found).as("%s, seed %d", operation, SEED).isEmpty();
  }

  private Map<String, String> headers(Operation operation) {
    boolean operator = operation.rule().equals(Operation.OPERATOR);
    Map<String, String> headers = Stage.headers(operator ? RunningServer.KEY : key);
    headers.put("posthaste-tenant", Stage.ACME);
    return headers;
  }
}
