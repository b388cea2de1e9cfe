package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Event;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.HealthStore.Change;
import dev.posthaste.store.HealthStore.Recovered;
import dev.posthaste.store.HealthStore.Standing;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.Sightings;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two nodes report on endpoints; each test has one of its own. Times are in seconds. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HealthStoreTest {
  private static final int NEVER = 0;

  private final AtomicLong endpoints = new AtomicLong();
  private TestDatabase db;
  private HealthStore nodeA;
  private HealthStore nodeB;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    NodeTable nodes = new NodeTable(db.database());
    nodeA = new HealthStore(db.database(), Samples.own(db, Await.value(nodes.join()).fence()));
    nodeB = new HealthStore(db.database(), Samples.own(db, Await.value(nodes.join()).fence()));
  }

  @AfterAll
  void close() {
    db.close();
  }

  private static Change failed(long endpoint, int failures, int first, int last) {
    return new Change(endpoint, failures, first * 1_000L, last * 1_000L, NEVER);
  }

  private static Change succeeded(long endpoint, int at) {
    return new Change(endpoint, 0, NEVER, NEVER, at * 1_000L);
  }

  private List<Recovered> report(HealthStore node, Change... changes) {
    List<Recovered> over = new ArrayList<>();
    Await.value(
        node.report(
            List.of(changes),
            recovered -> {
              over.addAll(recovered);
              return List.of();
            }));
    return over;
  }

  private Standing standing(long endpoint) {
    return Await.value(nodeB.changed(Optional.of(Instant.EPOCH))).standings().stream()
        .filter(row -> row.endpointId() == endpoint)
        .findFirst()
        .orElseThrow();
  }

  private void assertFailing(long endpoint, int failures, int since) {
    assertThat(standing(endpoint).consecutiveFailures()).isEqualTo(failures);
    assertThat(standing(endpoint).failingSince()).contains(Instant.ofEpochSecond(since));
  }

  private void assertWell(long endpoint) {
    assertThat(standing(endpoint).consecutiveFailures()).isZero();
    assertThat(standing(endpoint).failingSince()).isEmpty();
  }

  @Test
  void failuresOfTwoNodesAddUpFromTheFirstAttemptOn() {
    long endpoint = endpoints.incrementAndGet();
    report(nodeA, failed(endpoint, 3, 20, 30));
    report(nodeB, failed(endpoint, 4, 10, 25));
    report(nodeA, failed(endpoint, 0, 40, 41));
    assertFailing(endpoint, 7, 10);
    assertThat(standing(endpoint).lastFailureAt()).contains(Instant.ofEpochSecond(41));
  }

  @Test
  void reportsOfBothAtTheSameTimeAllCount() {
    List<Long> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.add(endpoints.incrementAndGet());
    }
    List<Future<Void>> reports = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      for (HealthStore node : List.of(nodeA, nodeB)) {
        List<Change> changes = many.stream().map(id -> failed(id, 1, 10, 20)).toList();
        reports.add(node.report(changes, over -> List.of()));
      }
    }
    reports.forEach(Await::value);
    many.forEach(endpoint -> assertFailing(endpoint, 20, 10));
  }

  @Test
  void aSuccessOnOneNodeEndsTheCountThatAnotherMade() {
    long endpoint = endpoints.incrementAndGet();
    report(nodeA, failed(endpoint, 49, 10, 30));
    report(nodeB, succeeded(endpoint, 31));
    assertWell(endpoint);
    report(nodeA, failed(endpoint, 2, 40, 41));
    assertFailing(endpoint, 2, 40);
  }

  @Test
  void anOldSuccessErasesNoLaterFailure() {
    long endpoint = endpoints.incrementAndGet();
    report(nodeA, failed(endpoint, 5, 20, 30));
    report(nodeB, succeeded(endpoint, 15));
    assertFailing(endpoint, 5, 20);
  }

  @Test
  void failuresThatComeAfterALaterSuccessDoNotCount() {
    long endpoint = endpoints.incrementAndGet();
    report(nodeA, failed(endpoint, 1, 1, 2));
    report(nodeB, succeeded(endpoint, 25));
    report(nodeA, failed(endpoint, 5, 10, 20));
    assertWell(endpoint);
  }

  @Test
  void ofFailuresAroundASuccessTheLastOneCountsInWhateverOrderTheyCome() {
    long first = endpoints.incrementAndGet();
    report(nodeA, failed(first, 5, 10, 30));
    report(nodeB, succeeded(first, 20));
    long second = endpoints.incrementAndGet();
    report(nodeA, failed(second, 1, 1, 2));
    report(nodeB, succeeded(second, 20));
    report(nodeA, failed(second, 5, 10, 30));
    assertFailing(first, 1, 30);
    assertFailing(second, 1, 30);
  }

  @Test
  void whatFailedAfterItsOwnSuccessCountsFromThere() {
    long endpoint = endpoints.incrementAndGet();
    report(nodeA, failed(endpoint, 9, 10, 30));
    report(nodeA, succeeded(endpoint, 40).then(failed(endpoint, 2, 50, 51)));
    assertFailing(endpoint, 2, 50);
    assertThat(failed(1, 4, 10, 20).then(succeeded(1, 30)).failures()).isZero();
  }

  @Test
  void aStepIsAnnouncedOnceByWhoeverIsFirstUntilASuccess() {
    long endpoint = endpoints.incrementAndGet();
    report(nodeA, failed(endpoint, 25, 10, 30));
    List<Future<Boolean>> races = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      races.add(nodeA.announce(endpoint, 50, List.of(event())));
      races.add(nodeB.announce(endpoint, 50, List.of(event())));
    }
    assertThat(races.stream().map(Await::value)).containsOnlyOnce(true);
    assertThat(db.column("SELECT count(*) FROM event WHERE type = 'order.paid'"))
        .containsExactly("1");
    assertThat(Await.value(nodeB.announce(endpoint, 70, List.of()))).isTrue();
    assertThat(Await.value(nodeA.announce(endpoint, 50, List.of()))).isFalse();
    assertThat(report(nodeB, succeeded(endpoint, 40)))
        .containsExactly(new Recovered(endpoint, Optional.of(Instant.ofEpochSecond(10))));
    assertThat(report(nodeA, succeeded(endpoint, 41))).isEmpty();
    assertThat(Await.value(nodeA.announce(endpoint, 50, List.of()))).isFalse();
    report(nodeA, failed(endpoint, 25, 50, 60));
    assertThat(Await.value(nodeA.announce(endpoint, 50, List.of()))).isTrue();
  }

  private static Event event(Long... targets) {
    return Samples.event(Event.UNNUMBERED, targets);
  }

  @Test
  void anEventOfOursWaitsForEachTargetFromItsBirth() {
    Await.value(nodeA.append(List.of(event(71L, 72L))));
    assertThat(
            db.column(
                "SELECT endpoint_id || '|' || attempts || '|' || trigger || '|' || reason || '|' ||"
                    + " (due_at <= now()) FROM deferred"
                    + " WHERE event_id = (SELECT id FROM event WHERE targets = '{71,72}')"
                    + " ORDER BY 1"))
        .containsExactly("71|0|1|12|true", "72|0|1|12|true");
  }

  @Test
  void aNodeThatWasTakenOverAppendsNothing() {
    NodeTable nodes = new NodeTable(db.database());
    Fence fence = Await.value(nodes.join()).fence();
    HealthStore zombie = new HealthStore(db.database(), Samples.own(db, fence));
    Await.value(nodes.takeOver(Sightings.of(nodes, fence)));
    assertThat(Await.failure(zombie.append(List.of(event(73L)))))
        .isInstanceOf(FencedException.class);
    assertThat(db.column("SELECT id FROM event WHERE targets = '{73}'")).isEmpty();
  }

  @Test
  void missedEventsAddUp() {
    long endpoint = endpoints.incrementAndGet();
    Await.value(nodeA.addMissed(Map.of(endpoint, 3L)));
    Await.value(nodeB.addMissed(Map.of(endpoint, 4L)));
    assertThat(db.column("SELECT missed FROM endpoint_health WHERE endpoint_id = " + endpoint))
        .containsExactly("7");
  }

  @Test
  void aFirstLookBringsOnlyWhatFails() {
    long failing = endpoints.incrementAndGet();
    long well = endpoints.incrementAndGet();
    report(nodeA, failed(failing, 1, 10, 20), failed(well, 1, 10, 20));
    report(nodeA, succeeded(well, 30));
    assertThat(Await.value(nodeA.changed(Optional.empty())).standings())
        .extracting(Standing::endpointId)
        .contains(failing)
        .doesNotContain(well);
    var look = Await.value(nodeA.changed(Optional.empty()));
    assertThat(Await.value(nodeA.changed(Optional.of(look.at()))).standings()).isEmpty();
  }
}
