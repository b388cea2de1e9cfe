package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Settlement;
import dev.posthaste.settings.FairnessSettings;
import dev.posthaste.store.DeferredStore.Due;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaimedBytesTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final int KIB = 1_024;

  /** Of what is claimed 16 KiB, 8 KiB of one tenant; 4 KiB with one look. */
  private final ClaimedBytes bytes =
      new ClaimedBytes(
          new FairnessSettings(0, Duration.ofSeconds(1), 50, 50, 25, 20, 32 * KIB, 16 * KIB),
          LEASE);

  @Test
  void aLookBringsAPartOfWhatThereIsRoomFor() {
    assertThat(bytes.room(0)).isEqualTo(4 * KIB);
    bytes.keep(List.of(due(1, 14 * KIB)), 0);
    assertThat(bytes.room(0)).isEqualTo(2 * KIB);
    bytes.keep(List.of(due(1, 99 * KIB)), 0);
    assertThat(bytes.room(0)).isZero();
  }

  @Test
  void whatIsSettledMakesRoomOnce() {
    List<Due> kept = bytes.keep(List.of(due(1, 14 * KIB), due(1, 2 * KIB)), 0);
    assertThat(bytes.room(0)).isZero();
    kept.getLast().delivery().settlement().settled();
    assertThat(bytes.room(0)).isEqualTo(2 * KIB);
    kept.getFirst().delivery().settlement().settled();
    assertThat(bytes.room(0)).isEqualTo(4 * KIB);
    assertThat(bytes.full()).isEmpty();
  }

  @Test
  void whatStillHasToWaitCountsAsWell() {
    Due later = new Due(due(1, 14 * KIB).delivery(), 1_500);
    assertThat(bytes.keep(List.of(later), 0))
        .extracting(Due::dueInMillis)
        .containsExactly(later.dueInMillis());
    assertThat(bytes.room(0)).isEqualTo(2 * KIB);
  }

  @Test
  void aTenantThatHasItsShareLeavesTheRestToOthers() {
    bytes.keep(List.of(due(1, 5 * KIB), due(2, 5 * KIB)), 0);
    assertThat(bytes.full()).isEmpty();
    List<Due> kept = bytes.keep(List.of(due(1, 3 * KIB)), 0);
    assertThat(bytes.full()).containsExactly(1L);
    kept.getFirst().delivery().settlement().settled();
    assertThat(bytes.full()).isEmpty();
  }

  /** An outcome that the database refuses is never settled; its delivery is claimed again. */
  @Test
  void whatWasNotSettledWithinItsLeaseIsForgotten() {
    List<Due> kept = bytes.keep(List.of(due(1, 16 * KIB)), 0);
    assertThat(bytes.room(LEASE.toNanos())).isZero();
    assertThat(bytes.room(LEASE.toNanos() + 1)).isEqualTo(4 * KIB);
    kept.getFirst().delivery().settlement().settled();
    assertThat(bytes.room(LEASE.toNanos() + 1)).isEqualTo(4 * KIB);
  }

  /** A delivery of a tenant with so much data. */
  static Due due(long tenant, int size) {
    Event event =
        new Event(
            1,
            tenant,
            "order.paid",
            0,
            Optional.empty(),
            Optional.empty(),
            Payload.of(new byte[size]),
            Optional.empty(),
            List.of());
    return new Due(
        new Delivery(event, 7, 1, Trigger.RETRY, true, Optional.empty(), Settlement.NONE), 0);
  }
}
