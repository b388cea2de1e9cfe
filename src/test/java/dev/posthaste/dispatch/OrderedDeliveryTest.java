package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.Ordering;
import dev.posthaste.event.Ordering.OnFailure;
import dev.posthaste.event.PublicId;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Endpoints that want their deliveries one after the other, over real HTTP. */
@ExtendWith(PostgresExtension.class)
class OrderedDeliveryTest {
  private static final Ordering FIFO_BLOCK = new Ordering(Optional.empty(), OnFailure.BLOCK);
  private static final Ordering FIFO_SKIP = new Ordering(Optional.empty(), OnFailure.SKIP);
  private static final Ordering BY_KEY = new Ordering(Optional.of("/k"), OnFailure.BLOCK);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void twoHundredArriveInOrderFromAReceiverThatIsSlowAndFailsNowAndThen(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long endpoint = ordered(rig, "/slow", "memory", FIFO_BLOCK);
      List<String> taken =
          taken(rig, "/slow", request -> new Answer(request.number() % 25 == 0 ? 500 : 200, 3));
      List<Event> sent = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        sent.addAll(rig.sendOrdered(endpoint, Collections.nCopies(10, "")));
      }
      await().atMost(PATIENCE).until(() -> rig.count("deferred") == 0);
      assertThat(taken).isEqualTo(ids(sent));
      assertThat(rig.count("attempt WHERE outcome = 1")).isEqualTo(200);
      assertThat(rig.count("attempt WHERE outcome = 2")).isPositive();
    }
  }

  @Test
  void oneThatFailsForGoodHoldsTheOthersUntilItIsTaken(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long endpoint = ordered(rig, "/bad", "quick", FIFO_BLOCK);
      List<String> taken =
          taken(rig, "/bad", request -> Answer.of(request.number() <= 5 ? 500 : 200));
      List<Event> sent = rig.sendOrdered(endpoint, Collections.nCopies(30, ""));
      await().atMost(PATIENCE).until(() -> rig.count("deferred") == 0);
      // The schedule of this contract ends with the third attempt.
      assertThat(rig.attempts(endpoint).subList(0, 6))
          .containsExactly("1:2:500", "2:2:500", "3:2:500", "4:2:500", "5:2:500", "6:1:200");
      assertThat(taken).isEqualTo(ids(sent));
    }
  }

  @Test
  void oneThatFailsForGoodIsSkippedWhereTheEndpointSaysSo(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long endpoint = ordered(rig, "/skip", "quick", FIFO_SKIP);
      List<String> taken =
          taken(rig, "/skip", request -> Answer.of(request.number() <= 3 ? 500 : 200));
      List<Event> sent = rig.sendOrdered(endpoint, Collections.nCopies(30, ""));
      await().atMost(PATIENCE).until(() -> rig.count("deferred") == 0);
      assertThat(rig.attempts(endpoint).subList(0, 4))
          .containsExactly("1:2:500", "2:2:500", "3:3:500", "1:1:200");
      assertThat(taken).isEqualTo(ids(sent).subList(1, 30));
    }
  }

  @Test
  void keysAreInOrderAmongThemselvesAndDoNotWaitForOneAnother(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long endpoint = ordered(rig, "/keys", "quick", BY_KEY);
      List<Event> sent = rig.make(200, endpoint);
      List<String> keys = IntStream.range(0, 200).mapToObj(i -> "" + i % 10).toList();
      Map<String, String> keyOf = new HashMap<>();
      for (int i = 0; i < 200; i++) {
        keyOf.put(PublicId.EVENT.format(sent.get(i).id()), keys.get(i));
      }
      List<String> taken =
          taken(
              rig,
              "/keys",
              request ->
                  keyOf.get(id(request)).equals("0")
                      ? Answer.never()
                      : new Answer(request.number() % 17 == 0 ? 500 : 200, 2));
      rig.sendOrdered(sent, keys);
      // One key hangs; all the others go on.
      await().atMost(PATIENCE).until(() -> rig.count("attempt WHERE outcome = 1") == 180);
      for (int key = 1; key < 10; key++) {
        String one = "" + key;
        assertThat(taken.stream().filter(id -> one.equals(keyOf.get(id))).toList())
            .isEqualTo(ids(sent).stream().filter(id -> one.equals(keyOf.get(id))).toList());
      }
      assertThat(rig.count("deferred WHERE order_key = '0'")).isEqualTo(20);
    }
  }

  @Test
  void twoNodesKeepTheOrderAndOneThatStopsHandsOver(@PerTest DatabaseUrl url) {
    try (DispatchRig stays = new DispatchRig(url, Tuning.PLAIN);
        DispatchRig leaves = new DispatchRig(url, Tuning.PLAIN)) {
      long endpoint = ordered(stays, "/two", "quick", FIFO_BLOCK);
      long keyed = ordered(stays, "/two-keys", "quick", BY_KEY);
      leaves.order(endpoint, stays.receiver.url("/two"), "quick", FIFO_BLOCK);
      leaves.order(keyed, stays.receiver.url("/two-keys"), "quick", BY_KEY);
      List<String> taken = taken(stays, "/two", request -> new Answer(200, 3));
      List<String> takenKeyed =
          taken(
              stays, "/two-keys", request -> new Answer(request.number() % 20 == 0 ? 500 : 200, 2));
      List<Event> sent = new ArrayList<>();
      List<Event> ofX = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        DispatchRig node = i % 2 == 0 ? stays : leaves;
        sent.addAll(node.sendOrdered(endpoint, Collections.nCopies(10, "")));
        node.sendOrdered(keyed, List.of("y", "z", "y"));
        ofX.addAll(node.sendOrdered(keyed, Collections.nCopies(5, "x")));
        if (i == 10) {
          leaves.stop();
        }
      }
      await().atMost(PATIENCE).until(() -> stays.count("deferred") == 0);
      assertThat(taken).isEqualTo(ids(sent));
      List<String> x = ids(ofX);
      assertThat(takenKeyed.stream().filter(x::contains).toList()).isEqualTo(x);
      assertThat(stays.count("attempt WHERE outcome = 1")).isEqualTo(360);
    }
  }

  @Test
  void whatWasClaimedIsNotStartedOnceTheLeaseIsOver(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long endpoint = ordered(rig, "/late", "quick", FIFO_BLOCK);
      rig.receiver.answer("/late", new Answer(200, 1_000));
      rig.sendOrdered(endpoint, Collections.nCopies(5, ""));
      await().until(() -> rig.receiver.received("/late").size() == 1);
      rig.nodeHolds.set(false);
      await().until(() -> rig.count("deferred WHERE leased_by IS NULL AND reason = 9") == 4);
      assertThat(rig.receiver.received("/late")).hasSize(1);
      rig.receiver.answer("/late", Answer.of(200));
      rig.nodeHolds.set(true);
      await().until(() -> rig.count("deferred") == 0);
    }
  }

  @Test
  void aReceiverThatStallsLateInALeaseIsNotGivenTheSameOneByAnotherNode(@PerTest DatabaseUrl url) {
    Tuning brief = Tuning.PLAIN.lease(Duration.ofSeconds(5));
    try (DispatchRig one = new DispatchRig(url, brief);
        DispatchRig other = new DispatchRig(url, brief)) {
      long endpoint = ordered(one, "/stalls", "lasting", FIFO_BLOCK);
      other.order(endpoint, one.receiver.url("/stalls"), "lasting", FIFO_BLOCK);
      List<Integer> overlapping = new CopyOnWriteArrayList<>();
      AtomicLong busyUntilNanos = new AtomicLong(System.nanoTime());
      List<String> taken =
          taken(
              one,
              "/stalls",
              request -> {
                long now = System.nanoTime();
                Answer answer = new Answer(200, stallMillis(request.number()));
                long until = now + Duration.ofMillis(answer.delayMillis()).toNanos();
                if (busyUntilNanos.getAndSet(until) - now > 0) {
                  overlapping.add(request.number());
                }
                return answer;
              });
      List<Event> sent = one.sendOrdered(endpoint, Collections.nCopies(6, ""));
      await().atMost(PATIENCE).until(() -> one.count("deferred") == 0);
      assertThat(overlapping).isEmpty();
      assertThat(taken.stream().distinct().toList()).isEqualTo(ids(sent));
    }
  }

  /** The fourth one begins when half of a lease of 5 s is over, and lasts until after its end. */
  private static int stallMillis(int number) {
    return number == 4 ? 3_900 : number < 4 ? 900 : 1;
  }

  @Test
  void deliveriesOfADeletedEndpointAreOver(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long deleted = 77L << 22;
      rig.sendOrdered(deleted, Collections.nCopies(30, ""));
      await().until(() -> rig.count("attempt WHERE outcome = 4") == 30);
      await().until(() -> rig.count("deferred") == 0);
    }
  }

  @Test
  void whatADisabledEndpointWasToGetWaitsAndArrivesInOrderOnceItIsEnabled(
      @PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long endpoint = ordered(rig, "/off", "quick", FIFO_BLOCK);
      rig.store(endpoint, Endpoint.Status.ACTIVE);
      List<String> taken =
          taken(
              rig,
              "/off",
              request -> {
                if (request.number() == 5) {
                  rig.turn(endpoint, Endpoint.Status.DISABLED);
                }
                return Answer.of(200);
              });
      List<Event> sent = new ArrayList<>(rig.sendOrdered(endpoint, Collections.nCopies(10, "")));
      await().until(() -> taken.size() == 5);
      rig.store(endpoint, Endpoint.Status.DISABLED);
      sent.addAll(rig.sendOrdered(endpoint, Collections.nCopies(10, "")));
      await().until(() -> rig.count("deferred WHERE leased_by IS NULL") == 15);
      assertThat(taken).hasSize(5);
      rig.turn(endpoint, Endpoint.Status.ACTIVE);
      rig.store(endpoint, Endpoint.Status.ACTIVE);
      await().atMost(PATIENCE).until(() -> rig.count("deferred") == 0);
      assertThat(taken).isEqualTo(ids(sent));
      assertThat(rig.count("attempt WHERE outcome = 1")).isEqualTo(20);
    }
  }

  @Test
  void aLaneThatIsFullGivesTheWholeRunBack(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.lane(1, 1))) {
      long endpoint = ordered(rig, "/full", "quick", BY_KEY);
      rig.receiver.answer("/full", new Answer(200, 5));
      List<String> keys = IntStream.range(0, 20).mapToObj(i -> "k" + i % 4).toList();
      rig.sendOrdered(endpoint, keys);
      await().atMost(PATIENCE).until(() -> rig.count("deferred") == 0);
      assertThat(rig.count("attempt WHERE outcome = 1")).isEqualTo(20);
      assertThat(rig.receiver.received("/full")).hasSize(20);
    }
  }

  private static long ordered(DispatchRig rig, String path, String contract, Ordering ordering) {
    long id = rig.endpoint(rig.receiver.url(path), contract, Endpoint.Status.ACTIVE);
    rig.order(id, rig.receiver.url(path), contract, ordering);
    return id;
  }

  /** Answers, and lists the ids of the events that were taken, in the order of their requests. */
  private static List<String> taken(
      DispatchRig rig, String path, Function<Received, Answer> answers) {
    List<String> taken = new CopyOnWriteArrayList<>();
    rig.receiver.answer(
        path,
        request -> {
          Answer answer = answers.apply(request);
          if (answer.status() == 200) {
            taken.add(id(request));
          }
          return answer;
        });
    return taken;
  }

  private static String id(Received request) {
    return request.headers().get("webhook-id");
  }

  private static List<String> ids(List<Event> events) {
    return events.stream().map(event -> PublicId.EVENT.format(event.id())).toList();
  }
}
