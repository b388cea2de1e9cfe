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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Retries and disabling under the contract of AgentPost, while time runs faster. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TheAgentPostSystemRetriesAndDisablesAsItDoesNow {
  private static final String SYSTEM = "agentpost";
  private static final String THEIRS = "/api/v1/webhooks/endpoints";
  private static final String RECEIVED = "message.received";
  private static final String BOUNCED = "message.bounced";

  private ShippedContract contract;
  private SeedNode node;
  private JsonObject example;
  private int paths;

  @BeforeAll
  void start(DatabaseUrl url, @TempDir Path folder) throws Exception {
    contract = new ShippedContract(SYSTEM);
    node = new SeedNode(url, folder, contract);
    example = SeedNode.example(SYSTEM, RECEIVED);
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void the_file_that_ships_has_the_numbers_of_the_system() {
    assertThat(contract.texts("/retry/inline")).isEmpty();
    assertThat(contract.texts("/retry/schedule")).containsExactly("30s", "2m", "10m", "1h", "4h");
    assertThat(contract.texts("/outcome/delivered")).containsExactly("2xx");
    assertThat(contract.texts("/outcome/retried")).containsExactly("1xx", "3xx", "4xx", "5xx");
    assertThat(contract.at("/outcome/unanswered").asText()).isEqualTo("retry");
    assertThat(contract.at("/disable/afterConsecutiveFailures").asInt()).isEqualTo(50);
    assertThat(contract.at("/disable/announce").isMissingNode()).isTrue();
    assertThat(contract.at("/whileDisabled").asText()).isEqualTo("dropped");
    assertThat(contract.at("/timeout").asText()).isEqualTo("30s");
  }

  private String create(Api api, String path, String... events) throws Exception {
    return api.call(
            "POST",
            THEIRS,
            new JsonObject()
                .put("url", node.receiver.url(path))
                .put("events", new JsonArray(List.of(events))))
        .getString("id");
  }

  @Test
  void a_first_try_and_five_retries_and_then_it_has_failed() throws Exception {
    Api api = node.tenant("schedule", SYSTEM);
    node.receiver.answer("/down", Answer.of(503));
    String endpoint = create(api, "/down", RECEIVED);
    JsonObject delivery = SeedNode.ended(api, SeedNode.publish(api, RECEIVED, example), endpoint);
    assertThat(delivery.getString("status")).isEqualTo("failed");
    List<Long> gaps = SeedNode.gaps(delivery);
    List<Duration> waits = contract.fasterWaits();
    assertThat(waits).hasSize(5);
    assertThat(gaps).hasSize(5);
    for (int i = 0; i < waits.size(); i++) {
      assertThat(gaps.get(i))
          .as("wait " + i)
          .isGreaterThanOrEqualTo(waits.get(i).toMillis() * 4 / 5 - 2);
    }
    assertThat(node.receiver.received("/down")).hasSize(6);
  }

  @Test
  void whatever_is_no_success_is_tried_again() throws Exception {
    Api api = node.tenant("statuses", SYSTEM);
    List<String> endpoints = new ArrayList<>();
    for (int status : List.of(301, 302, 307, 400, 401, 403, 404, 408, 409, 422, 429, 500, 503)) {
      Answer answer = Answer.of(status).with("location", node.receiver.url("/elsewhere"));
      endpoints.add(once(api, answer));
    }
    JsonObject published = SeedNode.publish(api, RECEIVED, example);
    for (String endpoint : endpoints) {
      JsonObject delivery = SeedNode.ended(api, published, endpoint);
      assertThat(delivery.getInteger("attemptCount")).as(delivery.encode()).isEqualTo(2);
      assertThat(delivery.getString("status")).isEqualTo("delivered");
    }
    assertThat(node.receiver.received("/elsewhere")).isEmpty();
  }

  /** An endpoint whose receiver takes a message only when it comes again. */
  private String once(Api api, Answer first) throws Exception {
    String path = "/once/" + paths++;
    node.receiver.answer(path, request -> request.number() == 1 ? first : Answer.of(204));
    return create(api, path, RECEIVED);
  }

  @Test
  void no_answer_in_time_is_tried_again() throws Exception {
    Api api = node.tenant("silent", SYSTEM);
    String endpoint = once(api, Answer.never());
    JsonObject hasty = new JsonObject().put("contract", contract.hasty());
    api.call("PATCH", ENDPOINTS + "/" + endpoint, hasty);
    JsonObject delivery = SeedNode.ended(api, SeedNode.publish(api, RECEIVED, example), endpoint);
    assertThat(delivery.getString("status")).isEqualTo("delivered");
    assertThat(SeedNode.attempts(delivery).getFirst().getString("error")).isEqualTo("timeout");
  }

  /** One cut is not enough: on a connection that was kept it may be a close that came late. */
  @Test
  void a_broken_connection_is_tried_again() throws Exception {
    Api api = node.tenant("cut", SYSTEM);
    node.receiver.answer("/cut", request -> request.number() <= 2 ? Answer.cut() : Answer.of(200));
    String endpoint = create(api, "/cut", RECEIVED);
    JsonObject delivery = SeedNode.ended(api, SeedNode.publish(api, RECEIVED, example), endpoint);
    assertThat(delivery.getString("status")).isEqualTo("delivered");
    assertThat(SeedNode.attempts(delivery).getFirst().getString("error"))
        .isEqualTo("connection_reset");
  }

  @Test
  void no_retry_comes_before_the_time_that_the_receiver_asks_for() throws Exception {
    Api api = node.tenant("floor", SYSTEM);
    String endpoint = once(api, Answer.of(503).with("retry-after", "2"));
    JsonObject delivery = SeedNode.ended(api, SeedNode.publish(api, RECEIVED, example), endpoint);
    assertThat(delivery.getInteger("attemptCount")).isEqualTo(2);
    assertThat(SeedNode.gaps(delivery).getFirst()).isGreaterThanOrEqualTo(1_998);
  }

  @Test
  void fifty_failures_over_all_types_disable_and_nothing_is_sent_later() throws Exception {
    Api api = node.tenant("disable", SYSTEM);
    node.receiver.answer("/dead", Answer.of(400));
    String dead = create(api, "/dead", RECEIVED, BOUNCED);
    create(api, "/other", "domain.verified");
    fail(api, dead, 5);
    node.receiver.answer("/dead", Answer.of(202));
    SeedNode.publish(api, RECEIVED, example);
    SeedNode.awaitFailures(api, dead, 0);
    node.receiver.answer("/dead", Answer.of(400));
    fail(api, dead, 49);
    assertThat(status(api, dead)).isEqualTo("active");
    SeedNode.publish(api, BOUNCED, example);
    SeedNode.awaitStatus(api, dead, "auto_disabled");
    // Once a change is answered, the node knows all that was changed before it.
    api.call("PATCH", THEIRS + "/" + dead, new JsonObject().put("description", "dead"));
    int before = node.receiver.received("/dead").size();
    SeedNode.publishMany(api, RECEIVED, example, 3);
    node.receiver.answer("/dead", Answer.of(200));
    JsonObject enabled =
        api.call("PATCH", THEIRS + "/" + dead, new JsonObject().put("status", "active"));
    assertThat(enabled.getString("status")).isEqualTo("active");
    assertThat(SeedNode.endpoint(api, dead).getInteger("consecutiveFailures")).isZero();
    JsonObject last = SeedNode.publish(api, BOUNCED, example);
    Received message = node.received("/dead", before + 1).getLast();
    assertThat(new JsonObject(message.body()).getString("id"))
        .isEqualTo(last.getJsonObject("event").getString("id"));
    assertThat(node.receiver.received("/other")).isEmpty();
  }

  @Test
  void what_waits_for_a_retry_when_it_is_disabled_is_not_sent_once_it_is_enabled_again()
      throws Exception {
    Api api = node.tenant("waiting", SYSTEM);
    String endpoint = create(api, "/waiting", RECEIVED);
    nothing_old_is_sent(api, endpoint, "/waiting");
  }

  @Test
  void an_order_does_not_wait_for_what_was_dropped() throws Exception {
    Api api = node.tenant("ordered", SYSTEM);
    String endpoint = create(api, "/ordered", RECEIVED);
    JsonObject fifo = new JsonObject().put("ordering", new JsonObject().put("onFailure", "skip"));
    api.call("PATCH", ENDPOINTS + "/" + endpoint, fifo);
    nothing_old_is_sent(api, endpoint, "/ordered");
  }

  private void nothing_old_is_sent(Api api, String endpoint, String path) throws Exception {
    node.receiver.answer(path, Answer.of(503).with("retry-after", "3600"));
    JsonObject old = SeedNode.publish(api, RECEIVED, example);
    node.received(path, 1);
    api.call("PATCH", THEIRS + "/" + endpoint, new JsonObject().put("status", "disabled"));
    api.call("PATCH", THEIRS + "/" + endpoint, new JsonObject().put("status", "active"));
    node.receiver.answer(path, Answer.of(202));
    JsonObject fresh = SeedNode.publish(api, RECEIVED, example);
    assertThat(SeedNode.ended(api, fresh, endpoint).getString("status")).isEqualTo("delivered");
    JsonObject dropped = SeedNode.ended(api, old, endpoint);
    assertThat(dropped.getString("lastError")).as(dropped.encode()).isEqualTo("discarded");
    node.received(path, 2);
  }

  private String status(Api api, String endpoint) throws Exception {
    return api.get(THEIRS + "/" + endpoint).getString("status");
  }

  private void fail(Api api, String endpoint, int times) throws Exception {
    SeedNode.publishMany(api, RECEIVED, example, times / 2);
    SeedNode.publishMany(api, BOUNCED, example, times - times / 2);
    SeedNode.awaitFailures(api, endpoint, times);
  }
}
