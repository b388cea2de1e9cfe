package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.send.Turns.Caller;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final int LIMIT = 24;
  private static final int ROOM = 20;

  private final Turns turns = new Turns(LIMIT, ROOM);
  private final Caller greedy = stranger(turns);
  private final Caller a = stranger(turns);
  private final Caller b = stranger(turns);
  private final Caller c = stranger(turns);

  @Test
  void oneCallerAloneMayHoldTheLimit() {
    assertThat(takeAll(greedy)).isEqualTo(LIMIT);
  }

  @Test
  void eachCallerMayHoldItsOwnWhateverTheOthersHold() {
    takeAll(greedy);

    assertThat(takeAll(a)).isEqualTo(Turns.OWN);
    assertThat(takeAll(b)).isEqualTo(Turns.OWN);
  }

  @Test
  void aLimitBelowTheOwnConnectionsHoldsForEachCaller() {
    Turns single = new Turns(1, ROOM);
    Caller one = stranger(single);

    assertThat(single.admit(one)).isTrue();
    assertThat(single.admit(one)).isFalse();
    assertThat(single.admit(stranger(single))).isTrue();
  }

  @Test
  void callersThatWaitTakeTurns() {
    takeAll(greedy, a, b, c);
    wait(a, 3);
    wait(b, 1);
    wait(c, 2);

    assertThat(release(greedy, 3 * Turns.OWN)).isEmpty();
    assertThat(release(greedy, 7)).containsExactly(a, b, c, a, c, a);
  }

  @Test
  void aCallerThatHoldsMoreThanItsOwnTakesTurnsWithTheOthers() {
    takeAll(greedy, a);
    wait(greedy, 5);
    wait(a, 5);

    assertThat(release(greedy, Turns.OWN)).isEmpty();
    assertThat(release(greedy, 4)).containsExactly(greedy, a, greedy, a);
  }

  @Test
  void aCallerKeepsItsOwnForItsRequests() {
    takeAll(greedy, a, b);
    wait(a, 3);
    wait(b, 3);

    assertThat(release(b, 3)).containsExactly(b, b, b);
    assertThat(release(b, 1)).isEmpty();
  }

  @Test
  void requestsWhoseDeadlineIsOverAreNotCalled() {
    takeAll(greedy, a, b);
    wait(a, 2).forEach(TurnsTest::expire);
    expire(wait(b, 2).getFirst());

    assertThat(release(greedy, 2 * Turns.OWN)).isEmpty();
    assertThat(release(greedy, 2)).containsExactly(b);
  }

  @Test
  void requestsWhoseDeadlineIsOverLeaveRoomForOthers() {
    takeAll(greedy);
    List<Promise<Connection>> waiting = wait(greedy, ROOM);
    assertThat(turns.queue(greedy, Promise.promise())).isFalse();

    waiting.subList(0, 2).forEach(TurnsTest::expire);

    wait(greedy, 2);
    assertThat(turns.queue(greedy, Promise.promise())).isFalse();
  }

  @Test
  void aCallerIsKnownAsLongAsItHoldsAConnection() {
    turns.admit(a);
    assertThat(turns.sweep()).isFalse();

    turns.passOn(a);
    assertThat(turns.sweep()).isTrue();
  }

  @Test
  void targetsOfOneUrlAreTwoCallers() {
    Target one = SendRig.target("https://host.example/hook");
    Target other = SendRig.target("https://host.example/hook");

    assertThat(turns.caller(one)).isSameAs(turns.caller(one)).isNotSameAs(turns.caller(other));
  }

  @Test
  void nobodyIsLeftWaitingHoweverTheyComeAndGo() {
    Random random = new Random(7);
    List<Caller> callers = IntStream.range(0, 9).mapToObj(i -> stranger(turns)).toList();
    List<Caller> holders = new ArrayList<>();
    List<Promise<Connection>> waiting = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      Caller caller = callers.get(random.nextInt(1 + random.nextInt(callers.size())));
      Promise<Connection> asker = Promise.promise();
      if (random.nextInt(5) < 2) {
        serveOne(holders, waiting, random);
      } else if (turns.admit(caller)) {
        holders.add(caller);
      } else if (turns.queue(caller, asker)) {
        waiting.add(asker);
      }
      if (!waiting.isEmpty() && random.nextInt(20) == 0) {
        expire(waiting.remove(random.nextInt(waiting.size())));
      }
    }
    while (!holders.isEmpty()) {
      serveOne(holders, waiting, random);
    }

    assertThat(waiting).isEmpty();
    assertThat(turns.sweep()).isTrue();
  }

  private void serveOne(List<Caller> holders, List<Promise<Connection>> waiting, Random random) {
    if (!holders.isEmpty()) {
      Caller next = turns.passOn(holders.remove(random.nextInt(holders.size())));
      if (next != null) {
        holders.add(next);
        assertThat(waiting.remove(turns.call(next))).isTrue();
      }
    }
  }

  private static Caller stranger(Turns turns) {
    return turns.caller(SendRig.target("https://host.example/"));
  }

  private void takeAll(Caller... callers) {
    Stream.of(callers).forEach(this::takeAll);
  }

  private int takeAll(Caller caller) {
    int taken = 0;
    while (turns.admit(caller)) {
      taken++;
    }
    return taken;
  }

  private List<Promise<Connection>> wait(Caller caller, int requests) {
    List<Promise<Connection>> askers =
        Stream.generate(Promise::<Connection>promise).limit(requests).toList();
    assertThat(askers).allMatch(asker -> turns.queue(caller, asker));
    return askers;
  }

  /** Who is called, in order. */
  private List<Caller> release(Caller holder, int connections) {
    List<Caller> called = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Caller next = turns.passOn(holder);
      if (next != null) {
        assertThat(turns.call(next).future().isComplete()).isFalse();
        called.add(next);
      }
    }
    return called;
  }

  private static void expire(Promise<Connection> asker) {
    asker.fail("late");
  }
}
