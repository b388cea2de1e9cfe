package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Attempt.Outcome;
import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Deferral.Reason;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.Reply;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutcomeLogTest {
  private static final IdGenerator IDS = Samples.ids();

  private final DeliveryId one = new DeliveryId(IDS.next(), 7);
  private TestDatabase db;
  private Loop loop;
  private OutcomeLog log;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    loop = db.loop();
    log = new OutcomeLog(db.database());
  }

  @BeforeEach
  void clear() {
    db.clear();
  }

  @AfterAll
  void close() {
    Await.value(log.close());
    db.close();
  }

  private void record(List<Attempt> attempts, List<DeliveryId> released, List<Deferral> deferrals) {
    loop.run(() -> log.record(attempts, released, deferrals));
  }

  @Test
  void keepsWhatCameBack() {
    Reply answered =
        new Reply.Answered(503, "no \u00fc", Optional.empty(), 1_500, Optional.of("127.0.0.1:80"));
    Reply unanswered =
        new Reply.Unanswered(Reply.Reason.TLS, "secret words", Long.MAX_VALUE, Optional.empty());
    record(
        List.of(
            attempt(1, Outcome.RETRYING, Optional.of(answered)),
            attempt(2, Outcome.FAILED, Optional.of(unanswered)),
            attempt(3, Outcome.DISCARDED, Optional.empty())),
        List.of(),
        List.of());
    assertThat(
            db.column(
                "SELECT concat_ws('|', attempt_no, outcome, trigger, http_status, reason,"
                    + " latency_us, address, response) FROM attempt ORDER BY attempt_no"))
        .containsExactly("1|2|1|503|1500|127.0.0.1:80|no \u00fc", "2|3|1|4|2147483647", "3|4|1|0");
  }

  @Test
  void theEndOfADeliveryIsNotLostWhenTwoCopiesMadeTheSameAttempt() {
    Attempt goesOn = attempt(2, Outcome.RETRYING, Optional.empty());
    Attempt ends = attempt(2, Outcome.DELIVERED, Optional.empty());
    record(List.of(goesOn), List.of(), List.of());
    record(List.of(ends), List.of(one), List.of());
    assertThat(db.column("SELECT outcome FROM attempt")).containsExactly("1");
    record(List.of(goesOn), List.of(), List.of());
    record(List.of(goesOn, ends, goesOn), List.of(one), List.of());
    assertThat(db.column("SELECT outcome FROM attempt")).containsExactly("1");
  }

  @Test
  void theSameWrittenAgainDoesNoHarm() {
    Attempt attempt = attempt(1, Outcome.RETRYING, Optional.empty());
    Deferral deferral = new Deferral(one, 1, Duration.ofHours(1), Trigger.RETRY, Reason.RETRY);
    record(List.of(attempt), List.of(), List.of(deferral));
    record(List.of(attempt), List.of(), List.of(deferral));
    record(List.of(attempt), List.of(), List.of());
    assertThat(db.column("SELECT count(*) FROM attempt")).containsExactly("1");
    assertThat(db.column("SELECT attempts FROM deferred")).containsExactly("1");
  }

  @Test
  void releasedDeliveriesWaitNoMore() {
    record(
        List.of(),
        List.of(),
        List.of(new Deferral(one, 0, Duration.ZERO, Trigger.LIVE, Reason.LANE_FULL)));
    record(
        List.of(attempt(1, Outcome.DELIVERED, Optional.empty())),
        List.of(one, new DeliveryId(1, 1)),
        List.of());
    assertThat(db.column("SELECT count(*) FROM deferred")).containsExactly("0");
  }

  @Test
  void aDeferralRenewsTheRowAndEndsItsLease() {
    db.execute(
        "INSERT INTO deferred VALUES (%d, 7, 1, now(), 3, 5, now() + interval '1 h')"
            .formatted(one.eventId()));
    record(
        List.of(),
        List.of(),
        List.of(new Deferral(one, 2, Duration.ofHours(1), Trigger.RETRY, Reason.RETRY)));
    assertThat(
            db.column(
                "SELECT concat_ws('|', attempts, trigger, leased_by, leased_until, due_at > now() +"
                    + " interval '59 min') FROM deferred"))
        .containsExactly("2|2|t");
  }

  @Test
  void whatWasNeverTriedIsDueByTheTimeOfItsEventWhicheverIsWrittenFirst() {
    List<DeliveryId> inOrder =
        IntStream.range(0, 4).mapToObj(i -> new DeliveryId(IDS.next(), 7)).toList();
    record(List.of(), List.of(), List.of(parked(inOrder.get(3)), parked(inOrder.get(1))));
    record(List.of(), List.of(), List.of(parked(inOrder.get(2)), parked(inOrder.get(0))));
    assertThat(db.column("SELECT event_id FROM deferred ORDER BY due_at, event_id"))
        .containsExactlyElementsOf(
            inOrder.stream().map(delivery -> Long.toString(delivery.eventId())).toList());
    assertThat(
            db.column(
                "SELECT (extract(epoch FROM due_at) * 1000)::bigint FROM deferred ORDER BY event_id"))
        .first()
        .isEqualTo(Long.toString(IdGenerator.millisOf(inOrder.getFirst().eventId())));
  }

  @Test
  void whatWasAcceptedByAClockThatIsAheadIsDueNow() {
    long anHourAhead = IDS.next() + (Duration.ofHours(1).toMillis() << 22);
    record(List.of(), List.of(), List.of(parked(new DeliveryId(anHourAhead, 7))));
    assertThat(db.column("SELECT count(*) FROM deferred WHERE due_at <= now()"))
        .containsExactly("1");
  }

  private static Deferral parked(DeliveryId delivery) {
    return new Deferral(delivery, 0, Duration.ZERO, Trigger.LIVE, Reason.LANE_FULL);
  }

  @Test
  void aResponseWithNulIsKept() {
    Reply reply = new Reply.Answered(200, "a\0b", Optional.empty(), 1, Optional.empty());
    record(List.of(attempt(1, Outcome.DELIVERED, Optional.of(reply))), List.of(), List.of());
    assertThat(db.column("SELECT response FROM attempt")).containsExactly("a\ufffdb");
  }

  /** A lease that ran out can bring a delivery into one node twice. */
  @Test
  void twoDeferralsOfOneDeliveryInAGroupDoNotSpoilTheGroup() {
    DeliveryId other = new DeliveryId(IDS.next(), 8);
    record(
        List.of(),
        List.of(),
        List.of(
            new Deferral(one, 1, Duration.ZERO, Trigger.RETRY, Reason.RETRY),
            new Deferral(other, 0, Duration.ZERO, Trigger.LIVE, Reason.LANE_FULL),
            new Deferral(one, 2, Duration.ZERO, Trigger.RETRY, Reason.RETRY)));
    assertThat(db.column("SELECT attempts FROM deferred ORDER BY endpoint_id"))
        .containsExactly("2", "0");
  }

  @Test
  void aDeliveryThatIsOverInTheGroupIsNotDeferred() {
    db.execute(
        "INSERT INTO deferred VALUES (%d, 7, 1, now(), 3, 5, now() + interval '1 h')"
            .formatted(one.eventId()));
    record(
        List.of(attempt(2, Outcome.DELIVERED, Optional.empty())),
        List.of(one),
        List.of(new Deferral(one, 2, Duration.ZERO, Trigger.RETRY, Reason.RETRY)));
    assertThat(db.column("SELECT count(*) FROM deferred")).containsExactly("0");
  }

  private Attempt attempt(int number, Outcome outcome, Optional<Reply> reply) {
    return new Attempt(one, number, outcome, Trigger.LIVE, reply, 123);
  }
}
