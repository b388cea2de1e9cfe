package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FairScheduleTest {
  private static final long LATER = 2_000_000_000L;

  private final Map<Long, TenantShare> tenants = new HashMap<>();
  private FlightBudget budget =
      new FlightBudget(new FlightBudget.Limits(1_000, 1_000, 1_000, 1_000, 1_000, 1_000));
  private FairSchedule schedule = new FairSchedule(budget);

  @Test
  void aLongLaneDoesNotKeepShortOnesWaiting() {
    Lane longOne = lane(1, 100, Trigger.LIVE);
    Lane shortOne = lane(2, 2, Trigger.LIVE);
    Lane other = lane(3, 1, Trigger.LIVE);
    consider(longOne, shortOne, other);
    // Lane 1 ends at the four that its limit allows in flight.
    assertThat(startAll()).containsExactly(1L, 2L, 3L, 1L, 2L, 1L, 1L);
  }

  @Test
  void aTenantWithManyLanesDoesNotKeepOneWithFewWaiting() {
    consider(lane(1, 10, 2, Trigger.LIVE), lane(1, 11, 2, Trigger.LIVE));
    consider(lane(1, 12, 2, Trigger.LIVE), lane(2, 20, 2, Trigger.LIVE));
    assertThat(startAll()).containsExactly(10L, 20L, 11L, 20L, 12L, 10L, 11L, 12L);
  }

  @Test
  void aLaneStandsInLineOnceHoweverOftenItIsConsidered() {
    Lane lane = lane(1, 10, Trigger.LIVE);
    lane.allow(0, 1);
    for (int i = 0; i < 5; i++) {
      schedule.consider(lane, 0);
    }
    assertThat(startAll()).containsExactly(1L);
    assertThat(schedule.next(0)).isNull();
    end(lane, Traffic.FIRST);
    assertThat(startAll()).containsExactly(1L);
  }

  @Test
  void aLaneThatIsNoLongerReadyIsPassedOver() {
    Lane emptied = lane(1, 3, Trigger.LIVE);
    Lane other = lane(2, 1, Trigger.LIVE);
    consider(emptied, other);
    emptied.expire(Long.MAX_VALUE, delivery -> {});
    assertThat(schedule.next(0)).isSameAs(other);
    assertThat(schedule.next(0)).isNull();
    emptied.add(LaneTest.live(9), 0);
    schedule.consider(emptied, 0);
    assertThat(schedule.next(0)).isSameAs(emptied);
  }

  @Test
  void neverStartsMoreThanTheWholeAllows() {
    limit(new FlightBudget.Limits(3, 3, 3, 3, 3, 3));
    Lane one = lane(1, 3, Trigger.LIVE);
    consider(one, lane(2, 3, Trigger.LIVE));
    assertThat(startAll()).hasSize(3);
    end(one, Traffic.FIRST);
    assertThat(startAll()).hasSize(1);
    assertThat(budget.inFlight()).isEqualTo(3);
  }

  @Test
  void aTenantAtItsLimitWaitsForItsOwn() {
    limit(new FlightBudget.Limits(10, 2, 10, 10, 10, 10));
    Lane greedy = lane(1, 10, 4, Trigger.LIVE);
    consider(greedy, lane(2, 20, 2, Trigger.LIVE));
    assertThat(startAll()).containsExactlyInAnyOrder(10L, 10L, 20L, 20L);
    end(greedy, Traffic.FIRST);
    assertThat(startAll()).containsExactly(10L);
  }

  @Test
  void retriesAndReplaysLeaveRoomForFirstAttempts() {
    limit(new FlightBudget.Limits(10, 10, 5, 5, 2, 6));
    Lane again = lane(1, 4, Trigger.RETRY);
    Lane recovered = lane(2, 4, Trigger.RECOVERY);
    Lane replayed = lane(3, 4, Trigger.REPLAY);
    consider(again, recovered, replayed);
    List<Long> started = startAll();
    assertThat(started).hasSize(6);
    assertThat(started.stream().filter(id -> id == 3)).hasSize(2);
    consider(lane(4, 4, Trigger.LIVE));
    assertThat(startAll()).containsExactly(4L, 4L, 4L, 4L);
    // A place of a retry goes to one that waits for it, without a look at the others.
    end(again, Traffic.AGAIN);
    assertThat(startAll()).hasSize(1).doesNotContain(3L);
    end(replayed, Traffic.REPLAY);
    assertThat(startAll()).hasSize(1);
  }

  @Test
  void slowEndpointsLeaveRoomForFastOnes() {
    limit(new FlightBudget.Limits(10, 10, 4, 10, 10, 10));
    Lane one = hanging(1);
    Lane two = hanging(2);
    consider(one, two);
    assertThat(startAll()).as("the four that are allowed, of both").hasSize(2);
    consider(lane(3, 4, Trigger.LIVE));
    assertThat(startAll()).containsExactly(3L, 3L, 3L, 3L);
    end(one, Traffic.FIRST);
    assertThat(startAll()).hasSize(1).doesNotContain(3L);
  }

  @Test
  void aLaneThatIsSetAsideGoesOnWithItsFirstAttempts() {
    limit(new FlightBudget.Limits(10, 10, 10, 1, 10, 10));
    Lane lane = lane(1, 3, Trigger.RETRY);
    consider(lane);
    assertThat(startAll()).containsExactly(1L);
    lane.add(LaneTest.live(9), 0);
    consider(lane);
    assertThat(startAll()).containsExactly(1L);
    assertThat(lane.size()).isEqualTo(2);
    end(lane, Traffic.AGAIN);
    assertThat(startAll()).containsExactly(1L);
  }

  @Test
  void aLaneThatHasRunEmptyMeanwhileDoesNotUseUpThePlaceOfAnother() {
    limit(new FlightBudget.Limits(10, 10, 10, 1, 10, 10));
    Lane first = lane(1, 1, Trigger.RETRY);
    Lane emptied = lane(2, 1, Trigger.RETRY);
    Lane other = lane(3, 1, Trigger.RETRY);
    consider(first, emptied, other);
    assertThat(startAll()).containsExactly(1L);
    emptied.expire(Long.MAX_VALUE, delivery -> {});
    end(first, Traffic.AGAIN);
    assertThat(startAll()).containsExactly(3L);
  }

  private void limit(FlightBudget.Limits limits) {
    budget = new FlightBudget(limits);
    schedule = new FairSchedule(budget);
  }

  private void consider(Lane... lanes) {
    for (Lane lane : lanes) {
      schedule.consider(lane, 0);
    }
  }

  private List<Long> startAll() {
    List<Long> order = new ArrayList<>();
    for (Lane lane = schedule.next(0); lane != null; lane = schedule.next(0)) {
      schedule.started(lane, Traffic.of(lane.start(0).delivery()));
      order.add(lane.endpointId());
      schedule.consider(lane, 0);
    }
    return order;
  }

  private void end(Lane lane, Traffic traffic) {
    schedule.ended(lane, traffic);
    lane.ended(traffic);
    schedule.consider(lane, 0);
  }

  /** One in flight, from which nothing has come back for long; three wait. */
  private Lane hanging(long endpoint) {
    Lane lane = lane(endpoint, 4, Trigger.LIVE);
    schedule.started(lane, Traffic.of(lane.start(0).delivery()));
    lane.look(LATER);
    budget.refresh(lane);
    return lane;
  }

  private Lane lane(long endpoint, int waiting, Trigger trigger) {
    return lane(endpoint, endpoint, waiting, trigger);
  }

  private Lane lane(long tenant, long endpoint, int waiting, Trigger trigger) {
    Lane lane =
        new Lane(
            endpoint,
            tenants.computeIfAbsent(tenant, TenantShare::new),
            LaneTest.RULES,
            new AimdLimit(64));
    for (int i = 0; i < waiting; i++) {
      lane.add(LaneTest.delivery(i, trigger), 0);
    }
    return lane;
  }
}
