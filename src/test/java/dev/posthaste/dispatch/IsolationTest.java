package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Endpoint.RateLimit;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.FairnessSettings;
import dev.posthaste.settings.SettingsReader;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.Samples;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bad endpoints use up what is theirs and nothing else, and lose nothing. */
@ExtendWith(PostgresExtension.class)
class IsolationTest {
  /** A tenant gets half of what there is. */
  private static final FairnessSettings AS_SHIPPED = SettingsReader.defaults().fairness();

  @Test
  void whatAnEndpointMissesWhileItFailsWaitsInTheTableAndGoesOutWhenItIsBack(
      @PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      AtomicBoolean down = new AtomicBoolean(true);
      rig.receiver.answer("/down", request -> Answer.of(down.get() ? 500 : 200));
      long endpoint = rig.endpoint("/down", "standard");
      rig.change(
          endpoint, Optional.empty(), Optional.of(Collections.nCopies(50, Duration.ofMillis(300))));
      rig.send(200, endpoint);
      await().until(() -> rig.count("deferred WHERE reason = 6 AND attempts = 0") > 100);
      int before = rig.receiver.received("/down").size();
      // Probes go on, one at a time, and each uses up an attempt of its delivery.
      await().until(() -> rig.receiver.received("/down").size() > before + 1);
      assertThat(rig.receiver.received("/down").size()).isLessThan(100);
      down.set(false);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> rig.count("attempt WHERE outcome = 1") == 200);
      await().until(() -> rig.count("deferred") == 0);
      assertThat(rig.settled.get()).isEqualTo(200);
    }
  }

  @Test
  void aRetryStormToHangingEndpointsLeavesRoomForAFirstAttempt(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.fair(AS_SHIPPED).inFlight(40))) {
      rig.receiver.answer("/hang", Answer.never());
      for (int i = 0; i < 20; i++) {
        rig.deferRetries(4, rig.endpoint("/hang", "standard"));
      }
      // Half of what the tenant may have in flight on each of the two loops, which is half.
      await().until(() -> rig.receiver.received("/hang").size() == 10);
      long fast = rig.endpoint("/fast", "standard");
      long other = rig.endpoint("/fast", "standard");
      rig.send(fast, other);
      await().until(() -> rig.receiver.received("/fast").size() == 2);
      assertThat(rig.receiver.received("/hang")).hasSize(10);
      assertThat(rig.count("attempt WHERE trigger = 2")).as("all of them still hang").isZero();
    }
  }

  @Test
  void aFloodOfReplaysToHangingEndpointsLeavesRoomForAFirstAttempt(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.fair(AS_SHIPPED).inFlight(40))) {
      rig.receiver.answer("/hang", Answer.never());
      for (int i = 0; i < 20; i++) {
        rig.deferReplays(4, rig.endpoint("/hang", "standard"));
      }
      // A quarter of the ten that the tenant may have in flight on each of the two loops.
      await().until(() -> rig.receiver.received("/hang").size() == 4);
      rig.send(rig.endpoint("/fast", "standard"), rig.endpoint("/fast", "standard"));
      await().until(() -> rig.receiver.received("/fast").size() == 2);
      assertThat(rig.receiver.received("/hang")).hasSize(4);
      assertThat(rig.count("attempt WHERE trigger = 4")).as("all of them still hang").isZero();
    }
  }

  @Test
  void aTenantWithAllInFlightThatItMayHaveLeavesRoomForAnother(@PerTest DatabaseUrl url) {
    // Nothing bounds what hangs but that a tenant gets half.
    FairnessSettings halves =
        new FairnessSettings(0, Duration.ofMinutes(1), 100, 100, 100, 0, 1 << 27, 1 << 27);
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.fair(halves).inFlight(40))) {
      rig.receiver.answer("/hang", Answer.never());
      for (int i = 0; i < 20; i++) {
        rig.send(4, rig.endpoint("/hang", "standard"));
      }
      await().until(() -> rig.receiver.received("/hang").size() == 20);
      rig.registry.put(Samples.tenant(2, "other"));
      for (long other : List.of(500L << 22, 501L << 22)) {
        rig.registry.put(List.of(Samples.endpoint(other, 2, rig.receiver.url("/other"))));
        rig.send(List.of(Samples.ofTenant(2, rig.newEvent(other))));
      }
      await().until(() -> rig.receiver.received("/other").size() == 2);
      assertThat(rig.receiver.received("/hang")).hasSize(20);
      assertThat(rig.count("attempt WHERE outcome <> 1")).as("all of them still hang").isZero();
    }
  }

  @Test
  void manyNewEndpointsThatHangLeaveRoomForThoseOfTheirTenantThatAnswer(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.fair(AS_SHIPPED).inFlight(240))) {
      Long[] fast = {rig.endpoint("/fast", "standard"), rig.endpoint("/fast", "standard")};
      rig.send(fast);
      await().until(() -> rig.count("attempt WHERE outcome = 1") == 2);
      rig.receiver.answer("/hang", Answer.never());
      for (int i = 0; i < 100; i++) {
        rig.send(4, rig.endpoint("/hang", "standard"));
      }
      await().until(() -> rig.receiver.received("/hang").size() >= 100);
      rig.send(fast);
      await().until(() -> rig.receiver.received("/fast").size() == 4);
      assertThat(rig.count("attempt WHERE outcome <> 1")).as("all of them still hang").isZero();
    }
  }

  @Test
  void whatDoesNotFitIntoMemoryWaitsInTheTableAndComesBack(@PerTest DatabaseUrl url) {
    FairnessSettings tight =
        new FairnessSettings(1_000, Duration.ofSeconds(1), 50, 50, 25, 20, 20_000, 20_000);
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.fair(tight))) {
      rig.receiver.answer("/slow", new Answer(200, 50));
      long endpoint = rig.endpoint("/slow", "standard");
      rig.send(100, endpoint);
      await().until(() -> rig.count("deferred WHERE reason = 5") > 0);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> rig.count("attempt WHERE outcome = 1") == 100);
      await().until(() -> rig.count("deferred") == 0);
      assertThat(rig.heldBytes()).isZero();
    }
  }

  @Test
  void aThrottledLaneSpillsAndComesBackPacedWithoutBeingClaimedInVain(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.hold(Duration.ofSeconds(1)))) {
      Queue<Long> arrivals = new ConcurrentLinkedQueue<>();
      rig.receiver.answer(
          "/paced",
          request -> {
            arrivals.add(System.nanoTime());
            return Answer.of(200);
          });
      long endpoint = rig.endpoint("/paced", "standard");
      rig.change(endpoint, Optional.of(new RateLimit(10, 1)), Optional.empty());
      long begin = System.nanoTime();
      rig.send(40, endpoint);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> rig.count("attempt WHERE outcome = 1") == 40);
      await().until(() -> rig.count("deferred") == 0);
      assertThat(rig.receiver.received("/paced")).hasSize(40);
      // Most of them spill once; a lane that claims in vain would park them many times a second.
      assertThat(rig.parked.get()).isBetween(20, 160);
      assertNoneCameBeforeItsTime(List.copyOf(arrivals), begin, Duration.ofMillis(100));
    }
  }

  /** Counted from the begin: a busy machine brings arrivals closer together, but none earlier. */
  private static void assertNoneCameBeforeItsTime(
      List<Long> arrivals, long beginNanos, Duration pace) {
    assertThat(arrivals).isNotEmpty();
    for (int i = 0; i < arrivals.size(); i++) {
      assertThat(Duration.ofNanos(arrivals.get(i) - beginNanos))
          .as("arrival %s", i)
          .isGreaterThanOrEqualTo(pace.multipliedBy(i));
    }
  }
}
