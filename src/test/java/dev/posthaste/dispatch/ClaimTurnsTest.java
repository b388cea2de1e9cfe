package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Settlement;
import dev.posthaste.store.DeferredStore;
import dev.posthaste.store.DeferredStore.Due;
import dev.posthaste.store.DeferredStore.Look;
import dev.posthaste.support.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClaimTurnsTest {
  private static final long FIRST = DeferredStore.FIRST_DIRECT;
  private static final Look NOTHING = new Look(List.of(), 0, Set.of(), Set.of());

  private final ClaimTurns turns = new ClaimTurns();

  private static Look found(long reached) {
    Delivery delivery =
        new Delivery(
            Samples.event(1), 7, 1, Trigger.RETRY, true, Optional.empty(), Settlement.NONE);
    return new Look(List.of(new Due(delivery, 0)), reached, Set.of(), Set.of());
  }

  private List<Long> placesOf(Look... looks) {
    List<Long> places = new ArrayList<>();
    for (Look look : looks) {
      places.add(turns.after());
      turns.took(look);
    }
    return places;
  }

  @Test
  void endpointsAndDestinationsTakeTurnsWhileBothHaveSomething() {
    turns.took(NOTHING);
    assertThat(placesOf(found(-5), found(10), found(-3), found(20), found(0), found(0)))
        .containsExactly(FIRST, 0L, -5L, 10L, -3L, 20L);
  }

  @Test
  void destinationsAreLookedForSeldomWhileThereAreNone() {
    List<Long> places = new ArrayList<>();
    for (int look = 0; look < 18; look++) {
      places.addAll(placesOf(turns.after() < 0 ? NOTHING : found(look + 1)));
    }
    assertThat(places.stream().filter(place -> place < 0)).hasSize(2);
  }

  @Test
  void itIsIdleOnlyWhenNeitherHasAnything() {
    turns.took(NOTHING);
    assertThat(turns.isIdle()).isTrue();
    turns.took(found(-5));
    assertThat(turns.isIdle()).isFalse();
    turns.took(NOTHING);
    assertThat(turns.isIdle()).as("destinations go on").isFalse();
    turns.took(NOTHING);
    assertThat(turns.isIdle()).isTrue();
  }

  @Test
  void aLookPassesItsOwnKindOnly() {
    assertThat(turns.passes(5)).isTrue();
    assertThat(turns.passes(-5)).isFalse();
    turns.took(NOTHING);
    assertThat(turns.passes(5)).isFalse();
    assertThat(turns.passes(-5)).isTrue();
  }
}
