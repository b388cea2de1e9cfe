package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of a delivery, by what the endpoint answers. Each test has endpoints of its own. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DispatchVerticleTest {
  private DispatchRig rig;

  @BeforeAll
  void open(DatabaseUrl url) {
    rig = new DispatchRig(url, Tuning.PLAIN);
  }

  @AfterAll
  void close() {
    rig.close();
  }

  @Test
  void aTakenDeliveryIsPostedSignedOnceAndRecorded() {
    long endpoint = rig.endpoint("/ok", "standard");
    Event event = rig.send(endpoint);
    await().until(() -> rig.attempts(endpoint), List.of("1:1:200")::equals);
    List<Received> received = rig.receiver.received("/ok");
    assertThat(received).hasSize(1);
    assertThat(received.getFirst().headers().get("webhook-signature")).startsWith("v1,");
    assertThat(received.getFirst().body()).contains("\"data\":" + event.data().text());
    assertThat(
            rig.db.column(
                "SELECT concat_ws('|', trigger, reason, response, latency_us > 0, address) FROM"
                    + " attempt WHERE endpoint_id = "
                    + endpoint))
        .allMatch(row -> row.startsWith("1|answer|t|127.0.0.1:"));
    assertThat(rig.count("deferred WHERE endpoint_id = " + endpoint)).isZero();
  }

  @Test
  void anOutcomeThatTheDatabaseRefusesDoesNotStopTheOthers() throws Exception {
    long refused = rig.endpoint("/refused", "standard");
    long good = rig.endpoint("/good", "standard");
    rig.db.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.endpoint_id = "
            + refused
            + " THEN RAISE EXCEPTION 'no' USING ERRCODE = '22023'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION refuse()");
    try {
      for (int i = 0; i < 10; i++) {
        rig.send(refused, good);
      }
      await().until(() -> rig.attempts(good).size() == 10);
      assertThat(rig.attempts(refused)).isEmpty();
    } finally {
      rig.db.execute("DROP TRIGGER refuse ON attempt", "DROP FUNCTION refuse()");
    }
  }

  @Test
  void aFailureWaitsInTheTableUntilItsScheduleSays() {
    rig.receiver.answer("/500", Answer.of(500));
    long endpoint = rig.endpoint("/500", "standard");
    int before = rig.settled.get();
    rig.send(endpoint);
    await().until(() -> rig.attempts(endpoint), List.of("1:2:500")::equals);
    await().until(() -> rig.settled.get() > before);
    // 5 s with 20 % of jitter, from the end of the attempt.
    assertThat(
            rig.db.column(
                "SELECT attempts || '|' || d.trigger FROM deferred d JOIN attempt a USING (event_id,"
                    + " endpoint_id) WHERE endpoint_id = "
                    + endpoint
                    + " AND extract(epoch FROM due_at) * 1000 - at_ms BETWEEN 3900 AND 60000"))
        .containsExactly("1|2");
  }

  @Test
  void whatFailedIsTriedAgainAndDelivered() {
    rig.receiver.answer("/flaky", request -> Answer.of(request.number() < 3 ? 500 : 204));
    long endpoint = rig.endpoint("/flaky", "quick");
    rig.send(endpoint);
    await().until(() -> rig.attempts(endpoint), List.of("1:2:500", "2:2:500", "3:1:204")::equals);
    await().until(() -> rig.count("deferred WHERE endpoint_id = " + endpoint) == 0);
    assertThat(rig.receiver.received("/flaky").stream().map(one -> one.headers().get("webhook-id")))
        .hasSize(3)
        .containsOnly(rig.receiver.received("/flaky").getFirst().headers().get("webhook-id"));
  }

  @Test
  void whenTheScheduleIsUsedUpTheDeliveryHasFailed() {
    rig.receiver.answer("/never", Answer.of(500));
    long endpoint = rig.endpoint("/never", "quick");
    rig.send(endpoint);
    await().until(() -> rig.attempts(endpoint), List.of("1:2:500", "2:2:500", "3:3:500")::equals);
    await().until(() -> rig.count("deferred WHERE endpoint_id = " + endpoint) == 0);
  }

  @Test
  void earlyRetriesWaitInMemory() {
    rig.receiver.answer("/early", request -> Answer.of(request.number() == 1 ? 503 : 200));
    long endpoint = rig.endpoint("/early", "memory");
    rig.send(endpoint);
    await().until(() -> rig.attempts(endpoint), List.of("1:2:503", "2:1:200")::equals);
    assertThat(
            rig.db.column(
                "SELECT trigger FROM attempt WHERE endpoint_id = %d ORDER BY attempt_no"
                    .formatted(endpoint)))
        .containsExactly("1", "2");
  }

  @Test
  void anEndpointThatIsGoneIsReportedAndNotTriedAgain() {
    rig.receiver.answer("/gone", Answer.of(410));
    long endpoint = rig.endpoint("/gone", "quick");
    rig.send(endpoint);
    await().until(() -> rig.attempts(endpoint), List.of("1:3:410")::equals);
    await().until(() -> rig.gone.contains(endpoint));
  }

  @Test
  void aDeletedEndpointGetsNothingAndTheDeliveryIsOver() {
    long deleted = 77L << 22;
    rig.send(deleted);
    await().until(() -> rig.attempts(deleted), List.of("1:4:0")::equals);
  }

  @Test
  void whatADisabledEndpointMissesWaitsUntilItIsEnabledAgain() {
    long disabled = rig.endpoint(rig.receiver.url("/off"), "standard", Endpoint.Status.DISABLED);
    rig.store(disabled, Endpoint.Status.DISABLED);
    rig.send(10, disabled);
    String waiting =
        "deferred WHERE reason = 7 AND leased_by IS NULL AND endpoint_id = " + disabled;
    await().until(() -> rig.count(waiting) == 10);
    assertThat(rig.attempts(disabled)).isEmpty();
    rig.enable(disabled, "/off", "standard");
    await().until(() -> rig.receiver.received("/off").size() == 10);
    await().until(() -> rig.count("deferred WHERE endpoint_id = " + disabled) == 0);
  }

  @Test
  void anEndpointThatIsEnabledAgainHasToAnswerBeforeItGetsMore() {
    long answerMillis = 100;
    List<Long> times = new CopyOnWriteArrayList<>();
    rig.receiver.answer(
        "/again",
        received -> {
          times.add(System.nanoTime());
          return new Answer(200, answerMillis);
        });
    long disabled = rig.endpoint(rig.receiver.url("/again"), "standard", Endpoint.Status.DISABLED);
    rig.store(disabled, Endpoint.Status.DISABLED);
    rig.send(10, disabled);
    await().until(() -> rig.count("deferred WHERE endpoint_id = " + disabled) == 10);
    rig.enable(disabled, "/again", "standard");
    await().until(() -> times.size() == 10);
    assertThat(times.get(1) - times.get(0))
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(answerMillis));
  }

  @Test
  void aContractThatDropsWhatADisabledEndpointMissesEndsIt() {
    long disabled = rig.endpoint(rig.receiver.url("/drop"), "agentpost", Endpoint.Status.DISABLED);
    rig.send(disabled);
    await().until(() -> rig.attempts(disabled), List.of("1:4:0")::equals);
    assertThat(rig.receiver.received("/drop")).isEmpty();
  }

  @Test
  void whatWaitsInTheTableSinceBeforeItWasDroppedIsOver() {
    long endpoint = rig.endpoint("/dropped", "agentpost");
    rig.drop(endpoint, Instant.now().plusSeconds(3_600));
    rig.deferRetries(3, endpoint);
    await().until(() -> rig.attempts(endpoint), List.of("2:4:0", "2:4:0", "2:4:0")::equals);
    await().until(() -> rig.count("deferred WHERE endpoint_id = " + endpoint) == 0);
    assertThat(rig.receiver.received("/dropped")).isEmpty();
  }

  @Test
  void whatBeganToWaitLaterGoesOut() {
    long endpoint = rig.endpoint("/later", "agentpost");
    rig.drop(endpoint, Instant.now().minusSeconds(3_600));
    rig.deferRetries(3, endpoint);
    await().until(() -> rig.receiver.received("/later").size() == 3);
  }

  @Test
  void whatWasUnderWayWhenItWasDroppedIsNotTriedAgain() {
    long endpoint = rig.endpoint("/underway", "quick");
    rig.receiver.answer(
        "/underway",
        request -> {
          rig.drop(endpoint, Instant.now().plusSeconds(3_600));
          return Answer.of(500);
        });
    rig.send(endpoint);
    await().until(() -> rig.attempts(endpoint), List.of("1:2:500", "2:4:0")::equals);
    assertThat(rig.count("deferred WHERE endpoint_id = " + endpoint)).isZero();
  }

  @Test
  void whatWaitsInALaneWhenItIsDroppedIsOver() {
    long endpoint = rig.endpoint("/lane", "standard");
    rig.limit(endpoint, 1);
    rig.receiver.answer(
        "/lane",
        request -> {
          rig.drop(endpoint, Instant.now().plusSeconds(3_600));
          return Answer.of(200);
        });
    rig.send(4, endpoint);
    await()
        .until(() -> rig.attempts(endpoint), List.of("1:1:200", "1:4:0", "1:4:0", "1:4:0")::equals);
  }

  @Test
  void anEndpointMayHaveAScheduleOfItsOwn() {
    rig.receiver.answer("/own", Answer.of(500));
    long endpoint = rig.endpoint("/own", "standard");
    rig.change(endpoint, Optional.empty(), Optional.of(List.of(Duration.ofMillis(50))));
    rig.send(endpoint);
    await().until(() -> rig.attempts(endpoint), List.of("1:2:500", "2:3:500")::equals);
  }

  @Test
  void anEndpointThatCannotBeSentToKeepsItsDeliveries() {
    long endpoint = rig.endpoint("/x", "no-such-contract");
    rig.send(endpoint);
    await().until(() -> rig.count("deferred WHERE endpoint_id = " + endpoint) == 1);
    assertThat(rig.attempts(endpoint)).isEmpty();
  }

  @Test
  void aHangingEndpointDelaysNoOther() {
    rig.receiver.answer("/hang", Answer.never());
    long hanging = rig.endpoint("/hang", "standard");
    long healthy = rig.endpoint("/healthy", "standard");
    for (int i = 0; i < 20; i++) {
      rig.send(50, hanging, healthy);
    }
    // The hanging one holds its slots for 15 s; the other is through long before.
    await().until(() -> rig.receiver.received("/healthy").size() == 1_000);
    assertThat(rig.attempts(hanging)).doesNotContain("1:1:200");
    assertThat(rig.receiver.received("/hang").size()).isLessThanOrEqualTo(16);
  }

  /** Every reply is there at once: thousands of them must not pile up on the stack. */
  @Test
  void manyDeliveriesToADeniedAddressAllEnd() {
    long denied = rig.endpoint("http://10.1.2.3/", "standard", Endpoint.Status.ACTIVE);
    for (int i = 0; i < 5; i++) {
      rig.send(1_000, denied);
    }
    await().until(() -> rig.count("deferred WHERE endpoint_id = " + denied) == 5_000);
    assertThat(rig.count("attempt WHERE reason = 7 AND endpoint_id = " + denied)).isPositive();
  }
}
