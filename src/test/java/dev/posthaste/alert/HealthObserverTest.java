package dev.posthaste.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Attempt.Outcome;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Reply;
import dev.posthaste.event.Settlement;
import dev.posthaste.store.HealthStore.Change;
import dev.posthaste.store.HealthStore.Standing;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a loop gathers of one endpoint. Times are milliseconds. */
class HealthObserverTest {
  private static final long ID = 7;
  private static final Endpoint ENDPOINT = Samples.endpoint(ID, 1, "http://e");

  private final Vertx vertx = TestVertx.create();
  private final Loop loop = new Loop(vertx);
  private final FailingEndpoints failing = new FailingEndpoints();
  private final HealthObserver observer = loop.get(() -> new HealthObserver(vertx, failing));

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  private void attempt(Outcome outcome, long at) {
    Reply reply = new Reply.Answered(200, "", Optional.empty(), 0, Optional.empty());
    Attempt attempt =
        new Attempt(
            new DeliveryId(1, ID), 1, outcome, Attempt.Trigger.LIVE, Optional.of(reply), at);
    Delivery delivery =
        new Delivery(
            Samples.event(1, ID),
            ID,
            0,
            Attempt.Trigger.LIVE,
            false,
            Optional.empty(),
            Settlement.NONE);
    loop.run(
        () -> {
          observer.attempted(ENDPOINT, delivery, attempt);
          return Future.succeededFuture();
        });
  }

  private Map<Long, Change> take() {
    return Await.value(observer.take());
  }

  private void fails(long since) {
    failing.set(ID, true);
    observer.recall(
        List.of(
            new Standing(ID, 1, Optional.of(Instant.ofEpochMilli(since)), Optional.empty(), 0)));
  }

  @Test
  void successesOfAnEndpointThatDoesNotFailAreNoNews() {
    attempt(Outcome.DELIVERED, 5);
    assertThat(take()).isEmpty();
  }

  @Test
  void failuresAreCountedFromTheLastSuccessOn() {
    attempt(Outcome.FAILED, 5);
    attempt(Outcome.DELIVERED, 6);
    attempt(Outcome.RETRYING, 7);
    attempt(Outcome.FAILED, 8);
    attempt(Outcome.DISCARDED, 9);
    assertThat(take()).containsOnly(Map.entry(ID, new Change(ID, 1, 7, 8, 6)));
    assertThat(take()).isEmpty();
  }

  @Test
  void whileAFailureIsOnItsWayToTheTableASuccessIsNews() {
    attempt(Outcome.RETRYING, 5);
    take();
    attempt(Outcome.DELIVERED, 6);
    assertThat(take()).containsOnly(Map.entry(ID, new Change(ID, 0, 0, 0, 6)));
  }

  @Test
  void aSuccessIsRememberedUntilItIsKnownThatTheEndpointFailsElsewhere() {
    attempt(Outcome.DELIVERED, 6);
    take();
    take();
    fails(5);
    assertThat(take()).containsOnly(Map.entry(ID, new Change(ID, 0, 0, 0, 6)));
    fails(7);
    assertThat(take()).isEmpty();
  }

  @Test
  void whatIsRecalledTakesAwayNoFailureThatCameLater() {
    attempt(Outcome.DELIVERED, 6);
    attempt(Outcome.FAILED, 8);
    fails(5);
    assertThat(take()).containsOnly(Map.entry(ID, new Change(ID, 1, 8, 8, 6)));
  }

  @Test
  void oldSuccessesAreForgotten() {
    attempt(Outcome.DELIVERED, 6);
    for (int i = 0; i < 10; i++) {
      take();
    }
    fails(5);
    assertThat(take()).isEmpty();
  }
}
