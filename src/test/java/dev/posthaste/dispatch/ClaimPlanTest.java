package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Settlement;
import dev.posthaste.settings.DeferredSettings;
import dev.posthaste.settings.FairnessSettings;
import dev.posthaste.store.DeferredStore.Due;
import dev.posthaste.store.DeferredStore.Look;
import dev.posthaste.support.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClaimPlanTest {
  /** Of what is claimed 16 KiB may be in memory, 8 KiB of one tenant, and a look brings 4 KiB. */
  private static final FairnessSettings FAIRNESS =
      new FairnessSettings(0, Duration.ofSeconds(1), 50, 50, 25, 20, 32 * 1024, 16 * 1024);

  private final LaneRooms rooms = new LaneRooms();
  private final ClaimPlan plan =
      new ClaimPlan(
          new DeferredSettings(
              Duration.ofMillis(100),
              Duration.ofSeconds(1),
              100,
              20,
              50,
              Duration.ofMinutes(1),
              20),
          200,
          rooms,
          new ClaimedBytes(FAIRNESS, Duration.ofMinutes(1)));

  @Test
  void takesMoreOfFewEndpointsAndLittleOfMany() {
    plan.took(look(0, 1L, 20));
    assertThat(plan.limits().perEndpoint()).isEqualTo(40);
    plan.took(look(0, 1L, 40));
    assertThat(plan.limits().perEndpoint()).isEqualTo(80);
    plan.took(look(0, 1L, 10));
    assertThat(plan.limits().perEndpoint()).as("it was not what held it back").isEqualTo(80);
    plan.took(look(7, 2L, 100));
    assertThat(plan.limits().perEndpoint()).isEqualTo(20);
    assertThat(plan.after()).isEqualTo(7);
  }

  @Test
  void holdsNoMoreOfAnEndpointThanHalfOfItsLane() {
    plan.holds(look(0, 1L, 90).due());
    assertThat(plan.rooms(0)).containsEntry(1L, 10);
    plan.holds(look(0, 1L, 10).due());
    assertThat(plan.rooms(0)).containsEntry(1L, 0);
    plan.released(Collections.nCopies(100, 1L));
    assertThat(plan.rooms(0)).isEmpty();
  }

  @Test
  void takesOfALaneThatHasOverflowedWhatItTakesBack() {
    rooms.add(1).set(5, 100);
    rooms.add(2).set(50, 0);
    assertThat(plan.rooms(99)).containsEntry(1L, 0).containsEntry(2L, 20);
    assertThat(plan.rooms(100)).containsEntry(1L, 5);
  }

  @Test
  void tellsALaneThatTheTableHasNoMoreForIt() {
    rooms.add(1).set(5, 0);
    rooms.add(2).set(5, 0);
    rooms.add(3).set(0, 0);
    rooms.add(9).set(5, 0);
    plan.rooms(0);
    plan.took(look(8, 1L, 4, 2L, 5));
    assertThat(rooms.of(1).isDrained()).isTrue();
    assertThat(rooms.of(2).isDrained()).as("it took what it might").isFalse();
    assertThat(rooms.of(3).isDrained()).as("nobody asked").isFalse();
    assertThat(rooms.of(9).isDrained()).as("not visited").isFalse();
  }

  @Test
  void aLaneOfWhichMoreWasDueThanFittedIsNotDrained() {
    rooms.add(1).set(5, 0);
    rooms.add(2).set(5, 0);
    plan.rooms(0);
    Look look = look(0, 1L, 4, 2L, 4);
    plan.took(new Look(look.due(), look.reached(), Set.of(2L), Set.of()));
    assertThat(rooms.of(1).isDrained()).isTrue();
    assertThat(rooms.of(2).isDrained()).isFalse();
  }

  @Test
  void aTenantThatHasEnoughKeepsItsLanesOpenAndTheOthersGoing() {
    rooms.add(9).set(5, 0);
    plan.rooms(0);
    plan.took(new Look(look(0, 1L, 20).due(), 0, Set.of(), Set.of(9L)));
    assertThat(rooms.of(9).isDrained()).isFalse();
    assertThat(plan.limits().perEndpoint()).isEqualTo(40);
  }

  @Test
  void takesLittleOfEachAgainOnceNotAllFits() {
    plan.took(look(0, 1L, 20));
    assertThat(plan.limits().perEndpoint()).isEqualTo(40);
    plan.took(new Look(look(0, 1L, 40).due(), 0, Set.of(1L), Set.of()));
    assertThat(plan.limits().perEndpoint()).isEqualTo(20);
  }

  @Test
  void whatItHoldsLeavesLessForTheNextLook() {
    assertThat(plan.limits().bytes()).isEqualTo(4_096);
    assertThat(plan.isFull()).isFalse();
    plan.keep(List.of(ClaimedBytesTest.due(1, 14 * 1024)), 0);
    assertThat(plan.limits().bytes()).isEqualTo(512);
    assertThat(plan.fullTenants()).containsExactly(1L);
    plan.keep(List.of(ClaimedBytesTest.due(2, 4 * 1024)), 0);
    assertThat(plan.isFull()).isTrue();
  }

  @Test
  void aLaneThatTakesSomethingAgainWakesTheClaimer() {
    AtomicInteger woken = new AtomicInteger();
    plan.onRoom(woken::incrementAndGet);
    LaneRooms.Room room = rooms.add(1);
    room.set(0, 0);
    assertThat(woken).hasValue(0);
    room.set(3, 0);
    room.set(4, 0);
    assertThat(woken).hasValue(1);
  }

  /** So many deliveries of each endpoint. */
  private static Look look(long reached, long... endpointsAndCounts) {
    List<Due> due = new ArrayList<>();
    for (int i = 0; i < endpointsAndCounts.length; i += 2) {
      Delivery one =
          new Delivery(
              Samples.event(1),
              endpointsAndCounts[i],
              1,
              Trigger.RETRY,
              true,
              Optional.empty(),
              Settlement.NONE);
      due.addAll(Collections.nCopies((int) endpointsAndCounts[i + 1], new Due(one, 0)));
    }
    return new Look(due, reached, Set.of(), Set.of());
  }
}
