package dev.posthaste.loadtest.bare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BatchesTest {
  private static final long SPACING_MILLIS = 50;

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final List<Promise<List<Integer>>> begun = promises();
  private final List<Promise<Void>> answers = promises();
  private int count;

  private static <T> List<Promise<T>> promises() {
    List<Promise<T>> promises = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      promises.add(Promise.promise());
    }
    return promises;
  }

  @AfterEach
  void close() throws TimeoutException {
    wait(vertx.close());
  }

  @Test
  void whatComesWhileABatchIsUnderWayGoesTogetherAfterIt() throws TimeoutException {
    Batches<Integer> batches = batches(Batches.Pace.spaced(1));
    Future<Void> first = onLoop(() -> batches.add(1));
    assertThat(begun(0)).containsExactly(1);
    Future<Void> second = onLoop(() -> batches.add(2));
    Future<Void> third = onLoop(() -> batches.add(3));
    // Longer than the next one would wait if it did not wait for the first.
    wait(vertx.timer(SPACING_MILLIS));
    assertThat(begun.get(1).future().isComplete()).isFalse();
    assertThat(first.isComplete()).isFalse();

    answers.get(0).complete();
    wait(first);

    assertThat(begun(1)).containsExactly(2, 3);
    assertThat(second.isComplete()).isFalse();
    answers.get(1).complete();
    wait(second);
    wait(third);
  }

  @Test
  void aBatchBeginsNoSoonerThanThePaceAllows() throws TimeoutException {
    answers.forEach(Promise::complete);
    Batches<Integer> batches = batches(Batches.Pace.spaced(SPACING_MILLIS));
    long before = System.nanoTime();

    wait(onLoop(() -> batches.add(1)));
    wait(onLoop(() -> batches.add(2)));

    assertThat(System.nanoTime() - before)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(SPACING_MILLIS));
  }

  @Test
  void aLateOneAlwaysWaits() throws TimeoutException {
    answers.forEach(Promise::complete);
    Batches<Integer> batches = batches(Batches.Pace.late(SPACING_MILLIS));
    long before = System.nanoTime();

    wait(onLoop(() -> batches.add(1)));

    assertThat(System.nanoTime() - before)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(SPACING_MILLIS));
  }

  @Test
  void eachOfABatchThatFailsHearsOfItAndTheNextGoesOn() throws TimeoutException {
    Batches<Integer> batches = batches(Batches.Pace.late(1));
    List<Future<Void>> both = onLoop(() -> List.of(batches.add(1), batches.add(2)));
    assertThat(begun(0)).containsExactly(1, 2);

    answers.get(0).fail("disk full");

    for (Future<Void> one : both) {
      assertThatThrownBy(() -> wait(one)).hasMessage("disk full");
    }
    answers.get(1).complete();
    wait(onLoop(() -> batches.add(3)));
    assertThat(begun(1)).containsExactly(3);
  }

  private Batches<Integer> batches(Batches.Pace pace) {
    return new Batches<>(
        vertx,
        pace,
        batch -> {
          begun.get(count).complete(List.copyOf(batch));
          return answers.get(count++).future();
        });
  }

  private List<Integer> begun(int number) throws TimeoutException {
    return wait(begun.get(number).future());
  }

  private <T> T onLoop(Supplier<T> work) throws TimeoutException {
    Promise<T> done = Promise.promise();
    loop.runOnContext(v -> done.complete(work.get()));
    return wait(done.future());
  }

  private static <T> T wait(Future<T> future) throws TimeoutException {
    return future.await(20, TimeUnit.SECONDS);
  }
}
