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
    assertThat(bytes.room()).isEqualTo(4 * KIB);
    bytes.keep(List.of(due(1, 10 * KIB)), 0);
    assertThat(bytes.room()).isEqualTo(6 * KIB / 4);
    assertThat(bytes.isFull()).isFalse();
    bytes.keep(List.of(due(1, 99 * KIB)), 0);
    assertThat(bytes.isFull()).isTrue();
  }

  @Test
  void whatIsSettledMakesRoomOnce() {
    List<Due> kept = bytes.keep(List.of(due(1, 14 * KIB), due(1, 2 * KIB)), 0);
    assertThat(bytes.isFull()).isTrue();
    kept.getLast().delivery().settlement().settled();
    assertThat(bytes.room()).isEqualTo(2 * KIB / 4);
    kept.getFirst().delivery().settlement().settled();
    assertThat(bytes.room()).isEqualTo(4 * KIB);
    assertThat(bytes.full()).isEmpty();
  }

  @Test
  void whatStillHasToWaitCountsAsWell() {
    Due later = new Due(due(1, 14 * KIB).delivery(), 1_500);
    assertThat(bytes.keep(List.of(later), 0))
        .extracting(Due::dueInMillis)
        .containsExactly(later.dueInMillis());
    assertThat(bytes.room()).isEqualTo(2 * KIB / 4);
  }

  @Test
  void aTenantThatHasItsShareLeavesTheRestToOthers() {
    bytes.keep(List.of(due(1, 2 * KIB), due(2, 2 * KIB)), 0);
    assertThat(bytes.full()).isEmpty();
    List<Due> kept = bytes.keep(List.of(due(1, 5 * KIB)), 0);
    assertThat(bytes.full()).containsExactly(1L);
    kept.getFirst().delivery().settlement().settled();
    assertThat(bytes.full()).isEmpty();
  }

  @Test
  void afterTenTenantsThatKeepWhatTheyHaveAnotherFindsRoom() {
    for (long tenant = 1; tenant <= 10; tenant++) {
      bytes.sweep(0);
      while (!bytes.full().contains(tenant)) {
        bytes.keep(List.of(due(tenant, (int) bytes.room())), 0);
      }
      assertThat(bytes.isFull()).as("after %d tenants", tenant).isFalse();
    }
    assertThat(bytes.full()).doesNotContain(11L).hasSize(10);
  }

  /** An outcome that the database refuses is never settled; its delivery is claimed again. */
  @Test
  void whatWasNotSettledWithinItsLeaseIsForgotten() {
    List<Due> kept = bytes.keep(List.of(due(1, 16 * KIB)), 0);
    bytes.sweep(LEASE.toNanos());
    assertThat(bytes.isFull()).isTrue();
    bytes.sweep(LEASE.toNanos() + 1);
    assertThat(bytes.room()).isEqualTo(4 * KIB);
    bytes.keep(List.of(due(1, 14 * KIB)), LEASE.toNanos() + 1);
    kept.getFirst().delivery().settlement().settled();
    assertThat(bytes.room()).as("not taken off twice").isEqualTo(2 * KIB / 4);
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
