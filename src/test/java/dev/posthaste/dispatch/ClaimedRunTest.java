package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.OrderKey;
import dev.posthaste.store.OrderedStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimedRunTest {
  private static final Duration LEASE = Duration.ofHours(100);

  @Test
  void anAttemptBeginsOnlyIfItEndsWithinTheLeaseHoweverLongItTakes() {
    Duration attempt = Duration.ofHours(75);
    assertThat(claimedBefore(Duration.ofHours(19)).holds(attempt)).isTrue();
    assertThat(claimedBefore(Duration.ofHours(20)).holds(attempt)).isFalse();
    assertThat(claimedBefore(Duration.ofHours(20)).holds(Duration.ofHours(70))).isTrue();
  }

  @Test
  void whatTakesLongerThanALeaseBeginsRightAfterTheClaimOrNever() {
    Duration attempt = LEASE.plusHours(1);
    assertThat(ClaimedRun.keepsOrder(LEASE, attempt)).isFalse();
    assertThat(claimedBefore(Duration.ofHours(9)).holds(attempt)).isTrue();
    assertThat(claimedBefore(Duration.ofHours(10)).holds(attempt)).isFalse();
  }

  @Test
  void orderIsSureWhereAnAttemptLeavesRoomForItsBeginning() {
    assertThat(ClaimedRun.keepsOrder(LEASE, Duration.ofHours(84))).isTrue();
    assertThat(ClaimedRun.keepsOrder(LEASE, Duration.ofHours(86))).isFalse();
  }

  private static ClaimedRun claimedBefore(Duration age) {
    return new ClaimedRun(
        new OrderedStore.Run(new OrderKey(1, ""), 0, List.of()),
        new ClaimedRun.Lifetime(System.nanoTime() - age.toNanos(), LEASE, () -> true),
        over -> {});
  }
}
