package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.contract.EventIdScheme;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.OrderedTarget;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Tenant;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.EventLog;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestVertx;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a commit ends is in the hand of the test; the real log has tests of its own. */
class CommitGroupTest {
  private final Vertx vertx = TestVertx.create(1);
  private final Loop loop = new Loop(vertx);
  private final HeldLog log = new HeldLog();
  private final IdGenerator ids = Samples.ids();
  private final IngestBudget budget = new IngestBudget(100, 10);
  private final List<Delivery> handedOver = new CopyOnWriteArrayList<>();
  private final Tenant tenant = Samples.tenant(1, "default");
  private final Registry registry = new Registry(Map.of());
  private final CommitGroup group =
      loop.get(
          () ->
              new CommitGroup(
                  vertx,
                  log,
                  registry,
                  ids,
                  budget,
                  new CommitGroup.Limits(3, 2, 0, 1_500),
                  handedOver::addAll));

  CommitGroupTest() {
    registry.put(tenant);
    registry.put(List.of(Samples.endpoint(5, 1, "http://x"), Samples.endpoint(6, 1, "http://y")));
  }

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  @Test
  void answersAndHandsOverOnlyAfterTheCommit() {
    Future<List<Accepted>> answer = submit(1);
    log.awaitAppends(1);
    assertThat(answer.isComplete()).isFalse();
    assertThat(handedOver).isEmpty();
    log.succeed(loop);
    assertThat(Await.value(answer)).hasSize(1).allMatch(one -> one.deliveries() == 2);
    assertThat(handedOver).extracting(Delivery::endpointId).containsExactly(5L, 6L);
  }

  @Test
  void collectsWhileTwoGroupsAreUnderWay() {
    Future<List<Accepted>> one = submit(2);
    log.awaitAppends(1);
    Future<List<Accepted>> two = submit(2);
    log.awaitAppends(2);
    List<Future<List<Accepted>>> more = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      more.add(submit(1));
    }
    loop.get(() -> true);
    assertThat(log.sizes()).containsExactly(2, 2);
    log.succeed(loop);
    log.awaitAppends(3);
    log.succeed(loop);
    log.awaitAppends(4);
    log.succeed(loop);
    log.succeed(loop);
    assertThat(log.sizes()).containsExactly(2, 2, 3, 1);
    assertThat(Await.value(one)).hasSize(2);
    assertThat(Await.value(two)).hasSize(2);
    more.forEach(answer -> assertThat(Await.value(answer)).hasSize(1));
  }

  @Test
  void theMarkStaysBelowWhateverIsNotSettled() {
    long before = mark();
    assertThat(before).isEqualTo(ids.last() + 1);
    submit(2);
    log.awaitAppends(1);
    long first = log.appended.getFirst().getFirst().id();
    assertThat(mark()).isEqualTo(first);
    submit(1);
    log.awaitAppends(2);
    log.succeed(loop);
    log.succeed(loop);
    Awaitility.await().until(() -> handedOver.size() == 6);
    assertThat(mark()).isEqualTo(first);
    // The younger batch is settled before the older one.
    handedOver.subList(4, 6).forEach(delivery -> delivery.settlement().settled());
    assertThat(mark()).isEqualTo(first);
    handedOver.subList(0, 3).forEach(delivery -> delivery.settlement().settled());
    assertThat(mark()).isEqualTo(first);
    handedOver.get(3).settlement().settled();
    assertThat(mark()).isEqualTo(ids.last() + 1);
  }

  @Test
  void aRefusedCommitFailsAllItsRequestsAndHoldsNothingBack() {
    Future<List<Accepted>> answer = submit(2);
    log.awaitAppends(1);
    log.fail(loop, new PgException("no", "ERROR", "53100", "disk full"));
    assertThat(Await.failure(answer)).isInstanceOf(PgException.class);
    assertThat(handedOver).isEmpty();
    assertThat(mark()).isEqualTo(ids.last() + 1);
    assertThat(loop.get(group::isIdle)).isTrue();
  }

  @Test
  void aCommitInDoubtHoldsTheMarkUntilItIsCertain() {
    Future<List<Accepted>> answer = submit(1);
    log.awaitAppends(1);
    long first = log.appended.getFirst().getFirst().id();
    log.fail(loop, new IllegalStateException("the connection is gone"));
    Await.failure(answer);
    assertThat(mark()).isEqualTo(first);
    Awaitility.await().until(() -> !log.recovered.isEmpty());
    assertThat(log.recovered.getFirst()).containsExactly(first);
    Awaitility.await().until(() -> mark() > first);
    assertThat(loop.get(group::isIdle)).isTrue();
  }

  @Test
  void doubtsAreLookedAtTogetherAndNotWhileTheLogIsAway() {
    log.recoverFails = true;
    for (int i = 0; i < 3; i++) {
      Future<List<Accepted>> answer = submit(3);
      log.awaitAppends(i + 1);
      log.fail(loop, new IllegalStateException("the connection is gone"));
      Await.failure(answer);
    }
    Awaitility.await().until(() -> log.recovered.size() >= 2);
    assertThat(mark()).isEqualTo(log.appended.getFirst().getFirst().id());
    log.recoverFails = false;
    Awaitility.await().until(() -> loop.get(group::isIdle));
    assertThat(log.recovered.getLast()).hasSize(9);
    assertThat(log.recovered.size()).isLessThan(20);
  }

  @Test
  void aRepeatIsAnsweredWithTheFirstEventAndNotDelivered() {
    Future<List<Accepted>> answer = submit(1);
    log.awaitAppends(1);
    long given = log.appended.getFirst().getFirst().id();
    log.succeed(loop, List.of(new EventLog.Repeat(given, new EventLog.Original(42, "t", 7, 9))));
    Accepted accepted = Await.value(answer).getFirst();
    assertThat(accepted.repeat()).isTrue();
    assertThat(accepted.deliveries()).isEqualTo(9);
    assertThat(handedOver).isEmpty();
    assertThat(mark()).isEqualTo(ids.last() + 1);
  }

  @Test
  void theBudgetIsGivenBackDeliveryByDelivery() {
    assertThat(budget.admit(100)).isTrue();
    assertThat(budget.admit(1)).isFalse();
    budget.leaveQueue(100);
    submit(10);
    log.awaitAppends(1);
    log.succeed(loop);
    Awaitility.await().until(() -> handedOver.size() == 20);
    handedOver.subList(0, 10).forEach(delivery -> delivery.settlement().settled());
    assertThat(budget.admit(1)).isFalse();
    handedOver.get(10).settlement().settled();
    assertThat(budget.admit(1)).isTrue();
  }

  private long mark() {
    return loop.get(group::settledBelow);
  }

  private Future<List<Accepted>> submit(int events) {
    assertThat(budget.admit(events)).isTrue();
    List<Candidate> candidates = Collections.nCopies(events, candidate());
    return loop.start(() -> group.submit(candidates));
  }

  private Candidate candidate() {
    Draft draft =
        new Draft(
            Optional.empty(),
            "t",
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Payload.of("1"),
            Optional.empty());
    return new Candidate(
        tenant,
        draft,
        0,
        Optional.empty(),
        Optional.empty(),
        EventIdScheme.GENERATED,
        EventTraces.Nowhere.INSTANCE);
  }

  private static final class HeldLog implements EventLog {
    private final List<List<Event>> appended = new CopyOnWriteArrayList<>();
    private final List<List<Long>> recovered = new CopyOnWriteArrayList<>();
    private final Queue<Promise<List<Repeat>>> open = new ArrayDeque<>();
    private volatile boolean recoverFails;

    @Override
    public Future<List<Repeat>> append(List<Event> events, List<OrderedTarget> ordered) {
      Promise<List<Repeat>> promise = Promise.promise();
      open.add(promise);
      appended.add(List.copyOf(events));
      return promise.future();
    }

    void awaitAppends(int count) {
      Awaitility.await().until(() -> appended.size() == count);
    }

    List<Integer> sizes() {
      return appended.stream().map(List::size).toList();
    }

    void succeed(Loop loop) {
      succeed(loop, List.of());
    }

    void succeed(Loop loop, List<Repeat> repeats) {
      loop.get(
          () -> {
            open.remove().complete(repeats);
            return true;
          });
    }

    void fail(Loop loop, Throwable cause) {
      loop.get(
          () -> {
            open.remove().fail(cause);
            return true;
          });
    }

    @Override
    public Future<Void> recover(List<Long> eventIds) {
      recovered.add(List.copyOf(eventIds));
      return recoverFails ? Future.failedFuture("away") : Future.succeededFuture();
    }

    @Override
    public Future<Boolean> endLost() {
      return Future.succeededFuture(true);
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }
}
