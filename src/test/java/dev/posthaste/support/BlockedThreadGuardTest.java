package dev.posthaste.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BlockedThreadGuardTest {
  @Test
  void catchesALoopThatWaitsAndNamesTheStack() {
    Vertx vertx = TestVertx.create();
    CountDownLatch never = new CountDownLatch(1);
    vertx.runOnContext(v -> block(never));
    try {
      // Taken here, so that this class does not fail for it.
      await().until(BlockedThreadGuard::take, caught -> caught.toString().contains(".block:"));
    } finally {
      never.countDown();
      Await.value(vertx.close());
      BlockedThreadGuard.take();
    }
  }

  private static void block(CountDownLatch never) {
    try {
      assertThat(never.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void countsOurOwnCodeAndWaitsButNotAStarvedLoop() {
    List<String> ours = List.of("java.util.HashMap.get:1", "dev.posthaste.X.y:2");
    assertThat(BlockedThreadGuard.counts(ours, 400)).isTrue();
    assertThat(BlockedThreadGuard.counts(ours, 150)).isFalse();
    assertThat(
            BlockedThreadGuard.counts(List.of("java.lang.Thread.sleep0:1", "io.netty.A.b:2"), 110))
        .isTrue();
    assertThat(BlockedThreadGuard.counts(List.of("io.netty.A.b:2", "java.lang.Thread.run:3"), 400))
        .isFalse();
    assertThat(
            BlockedThreadGuard.counts(
                List.of("java.lang.ClassLoader.defineClass1:1", "dev.posthaste.X.y:2"), 400))
        .isFalse();
  }
}
