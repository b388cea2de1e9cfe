package dev.posthaste.scenario;

import static dev.posthaste.scenario.SeedNode.ENDPOINTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Retries and disabling under the contract of Case.dev, while time runs faster. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TheCaseDevSystemRetriesAndDisablesAsItDoesNow {
  private static final String SYSTEM = "casedev";
  private static final String TYPE = "compute.run.failed";
  private static final String AUTO_DISABLED = "webhook.endpoint.auto_disabled";

  private ShippedContract contract;
  private SeedNode node;
  private JsonObject example;
  private int paths;

  @BeforeAll
  void start(DatabaseUrl url, @TempDir Path folder) throws Exception {
    contract = new ShippedContract(SYSTEM);
    node = new SeedNode(url, folder, contract);
    example = SeedNode.example(SYSTEM, TYPE);
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void the_file_that_ships_has_the_numbers_of_the_system() {
    assertThat(contract.texts("/retry/inline")).containsExactly("200ms", "1s");
    assertThat(contract.texts("/retry/schedule")).containsExactly("30s", "5m", "30m", "2h", "8h");
    assertThat(contract.texts("/outcome/delivered")).containsExactly("2xx");
    assertThat(contract.texts("/outcome/retried")).containsExactly("408", "429", "5xx");
    assertThat(contract.at("/outcome/unanswered").asText()).isEqualTo("retry");
    assertThat(contract.at("/disable/afterConsecutiveFailures").asInt()).isEqualTo(50);
    assertThat(contract.at("/disable/announce").asText()).isEqualTo(AUTO_DISABLED);
    assertThat(contract.at("/whileDisabled").asText()).isEqualTo("recoverable");
    assertThat(contract.at("/timeout").asText()).isEqualTo("15s");
  }

  private String endpoint(Api api, String path, String contractName) throws Exception {
    return api.call(
            "POST",
            ENDPOINTS,
            new JsonObject()
                .put("url", node.receiver.url(path))
                .put("eventTypeFilters", new JsonArray().add(TYPE))
                .put("contract", contractName))
        .getJsonObject("endpoint")
        .getString("id");
  }

  @Test
  void two_retries_in_memory_and_five_in_the_background_and_then_it_has_failed() throws Exception {
    Api api = node.tenant("schedule", SYSTEM);
    node.receiver.answer("/down", Answer.of(503));
    String endpoint = endpoint(api, "/down", SYSTEM);
    JsonObject delivery = SeedNode.ended(api, SeedNode.publish(api, TYPE, example), endpoint);
    assertThat(delivery.getString("status")).isEqualTo("failed");
    assertThat(SeedNode.attempts(delivery))
        .extracting(attempt -> attempt.getString("trigger"))
        .containsExactly("live", "retry", "retry", "retry", "retry", "retry", "retry", "retry");
    List<Long> gaps = SeedNode.gaps(delivery);
    List<Duration> waits = contract.fasterWaits();
    for (int i = 0; i < waits.size(); i++) {
      assertThat(gaps.get(i)).as("wait " + i).isGreaterThanOrEqualTo(leastMillis(waits.get(i)));
    }
    assertThat(node.receiver.received("/down")).hasSize(8);
  }

  /** With all of the jitter, and clocks that count whole milliseconds. */
  private static long leastMillis(Duration wait) {
    return wait.toMillis() * 4 / 5 - 2;
  }

  @Test
  void refusals_and_redirects_fail_at_once_and_the_rest_is_tried_again() throws Exception {
    Api api = node.tenant("statuses", SYSTEM);
    Map<String, Integer> expected = new LinkedHashMap<>();
    for (int status : List.of(408, 429, 500, 502, 503, 504, 599)) {
      expected.put(once(api, Answer.of(status), SYSTEM), 2);
    }
    for (int status : List.of(301, 302, 307, 400, 401, 403, 404, 409, 422, 451)) {
      Answer answer = Answer.of(status).with("location", node.receiver.url("/elsewhere"));
      expected.put(once(api, answer, SYSTEM), 1);
    }
    JsonObject published = SeedNode.publish(api, TYPE, example);
    expected.forEach(
        (endpoint, attempts) -> {
          JsonObject delivery = SeedNode.ended(api, published, endpoint);
          assertThat(delivery.getInteger("attemptCount")).as(delivery.encode()).isEqualTo(attempts);
          assertThat(delivery.getString("status"))
              .isEqualTo(attempts == 1 ? "failed" : "delivered");
        });
    assertThat(node.receiver.received("/elsewhere")).isEmpty();
  }

  /** An endpoint whose receiver takes a message only when it comes again. */
  private String once(Api api, Answer first, String contractName) throws Exception {
    String path = "/once/" + paths++;
    node.receiver.answer(path, request -> request.number() == 1 ? first : Answer.of(204));
    return endpoint(api, path, contractName);
  }

  @Test
  void no_answer_in_time_is_tried_again() throws Exception {
    Api api = node.tenant("silent", SYSTEM);
    String endpoint = once(api, Answer.never(), contract.hasty());
    JsonObject delivery = SeedNode.ended(api, SeedNode.publish(api, TYPE, example), endpoint);
    assertThat(delivery.getString("status")).isEqualTo("delivered");
    assertThat(SeedNode.attempts(delivery).getFirst().getString("error")).isEqualTo("timeout");
  }

  /** One cut is not enough: on a connection that was kept it may be a close that came late. */
  @Test
  void a_broken_connection_is_tried_again() throws Exception {
    Api api = node.tenant("cut", SYSTEM);
    node.receiver.answer("/cut", request -> request.number() <= 2 ? Answer.cut() : Answer.of(200));
    String endpoint = endpoint(api, "/cut", SYSTEM);
    JsonObject delivery = SeedNode.ended(api, SeedNode.publish(api, TYPE, example), endpoint);
    assertThat(delivery.getString("status")).isEqualTo("delivered");
    assertThat(SeedNode.attempts(delivery).getFirst().getString("error"))
        .isEqualTo("connection_reset");
  }

  @Test
  void no_retry_comes_before_the_time_that_the_receiver_asks_for() throws Exception {
    Api api = node.tenant("floor", SYSTEM);
    String endpoint = once(api, Answer.of(429).with("retry-after", "2"), SYSTEM);
    JsonObject delivery = SeedNode.ended(api, SeedNode.publish(api, TYPE, example), endpoint);
    assertThat(delivery.getInteger("attemptCount")).isEqualTo(2);
    assertThat(SeedNode.gaps(delivery).getFirst()).isGreaterThanOrEqualTo(1_998);
  }

  @Test
  void fifty_failures_in_a_row_disable_and_what_was_missed_can_be_recovered() throws Exception {
    Instant begin = Instant.now();
    Api api = node.tenant("disable", SYSTEM);
    node.receiver.answer("/dead", Answer.of(400));
    String dead = deadOne(api);
    JsonObject other = api.createEndpoint(node.receiver.url("/told"), "webhook.*");
    fail(api, dead, 49);
    node.receiver.answer("/dead", Answer.of(200));
    SeedNode.publish(api, TYPE, example);
    SeedNode.awaitFailures(api, dead, 0);
    node.receiver.answer("/dead", Answer.of(400));
    fail(api, dead, 49);
    assertThat(SeedNode.endpoint(api, dead).getString("status")).isEqualTo("active");
    SeedNode.publish(api, TYPE, example);
    SeedNode.awaitStatus(api, dead, "auto_disabled");
    announced(node.received("/told", 1).getFirst(), other, dead);
    // Once a change is answered, the node knows all that was changed before it.
    change(api, dead, new JsonObject().put("description", "dead"));
    SeedNode.publishMany(api, TYPE, example, 3);
    assertThat(node.receiver.received("/dead")).hasSize(100);
    node.receiver.answer("/dead", Answer.of(200));
    JsonObject enabled = change(api, dead, new JsonObject().put("status", "active"));
    assertThat(enabled.getString("status")).isEqualTo("active");
    assertThat(enabled.getInteger("consecutiveFailures")).isZero();
    SeedNode.publish(api, TYPE, example);
    assertThat(node.received("/dead", 101).getLast().headers().contains("case-webhook-replay"))
        .isFalse();
    recover(api, dead, begin);
  }

  private static JsonObject change(Api api, String endpoint, JsonObject body) throws Exception {
    return api.call("PATCH", ENDPOINTS + "/" + endpoint, body).getJsonObject("endpoint");
  }

  /** It also wants to hear of disabled endpoints, but never hears of itself. */
  private String deadOne(Api api) throws Exception {
    return api.createEndpoint(node.receiver.url("/dead"), TYPE, AUTO_DISABLED)
        .getJsonObject("endpoint")
        .getString("id");
  }

  private void fail(Api api, String endpoint, int times) throws Exception {
    SeedNode.publishMany(api, TYPE, example, times);
    SeedNode.awaitFailures(api, endpoint, times);
  }

  private void announced(Received message, JsonObject other, String dead) {
    JsonObject body = new JsonObject(message.body());
    assertThat(body.fieldNames()).containsExactly("id", "type", "occurred_at", "data");
    assertThat(body.getString("type")).isEqualTo(AUTO_DISABLED);
    JsonObject data = body.getJsonObject("data");
    assertThat(data.fieldNames())
        .containsExactlyInAnyOrder("endpointId", "url", "consecutiveFailures", "lastFailureAt");
    assertThat(data.getString("endpointId")).isEqualTo(dead);
    assertThat(data.getString("url")).isEqualTo(node.receiver.url("/dead"));
    assertThat(data.getInteger("consecutiveFailures")).isEqualTo(50);
    assertThat(Instant.parse(data.getString("lastFailureAt")))
        .isBetween(Instant.now().minusSeconds(90), Instant.now());
    String signed =
        message.headers().get("case-webhook-id")
            + "."
            + message.headers().get("case-webhook-timestamp")
            + "."
            + message.body();
    assertThat(message.headers().get("case-webhook-signature"))
        .isEqualTo("v1," + Hmac.ofDecodedSecret(other.getString("signingSecret"), signed));
  }

  /** Brings all that it missed, but not the announcement to the others. */
  private void recover(Api api, String dead, Instant begin) throws Exception {
    api.call(
        "POST",
        ENDPOINTS + "/" + dead + "/recover",
        new JsonObject().put("since", begin.toString()).put("only", "missed"));
    List<Received> recovered =
        node.received("/dead", 104).stream()
            .filter(message -> message.headers().contains("case-webhook-replay"))
            .toList();
    assertThat(recovered)
        .extracting(message -> new JsonObject(message.body()).getString("type"))
        .containsExactly(TYPE, TYPE, TYPE);
  }
}
