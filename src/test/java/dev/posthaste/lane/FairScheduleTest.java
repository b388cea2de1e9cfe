package dev.posthaste.lane;

import static dev.posthaste.lane.ScheduleRig.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.lane.FlightBudget.Kinds;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairScheduleTest {
  private ScheduleRig rig = new ScheduleRig(kinds(1_000), kinds(1_000));

  @Test
  void aLongLaneDoesNotKeepShortOnesWaiting() {
    Lane longOne = lane(1, 100, Trigger.LIVE);
    Lane shortOne = lane(2, 2, Trigger.LIVE);
    Lane other = lane(3, 1, Trigger.LIVE);
    rig.consider(longOne, shortOne, other);
    // Lane 1 ends at the four that its limit allows in flight.
    assertThat(rig.startAll()).containsExactly(1L, 2L, 3L, 1L, 2L, 1L, 1L);
  }

  @Test
  void aTenantWithManyLanesDoesNotKeepOneWithFewWaiting() {
    rig.consider(lane(1, 10, 2, Trigger.LIVE), lane(1, 11, 2, Trigger.LIVE));
    rig.consider(lane(1, 12, 2, Trigger.LIVE), lane(2, 20, 2, Trigger.LIVE));
    assertThat(rig.startAll()).containsExactly(10L, 20L, 11L, 20L, 12L, 10L, 11L, 12L);
  }

  @Test
  void aLaneStandsInLineOnceHoweverOftenItIsConsidered() {
    Lane lane = lane(1, 10, Trigger.LIVE);
    lane.allow(0, 1);
    for (int i = 0; i < 5; i++) {
      rig.schedule.consider(lane, 0);
    }
    assertThat(rig.startAll()).containsExactly(1L);
    assertThat(rig.schedule.next(0)).isNull();
    rig.end(lane, Traffic.FIRST);
    assertThat(rig.startAll()).containsExactly(1L);
  }

  @Test
  void aLaneThatIsNoLongerReadyIsPassedOver() {
    Lane emptied = lane(1, 3, Trigger.LIVE);
    Lane other = lane(2, 1, Trigger.LIVE);
    rig.consider(emptied, other);
    emptied.expire(Long.MAX_VALUE, delivery -> {});
    assertThat(rig.schedule.next(0)).isSameAs(other);
    assertThat(rig.schedule.next(0)).isNull();
    emptied.add(LaneTest.live(9), 0);
    rig.schedule.consider(emptied, 0);
    assertThat(rig.schedule.next(0)).isSameAs(emptied);
  }

  @Test
  void neverStartsMoreThanTheWholeAllows() {
    limit(kinds(3), kinds(3));
    Lane one = lane(1, 3, Trigger.LIVE);
    rig.consider(one, lane(2, 3, Trigger.LIVE));
    assertThat(rig.startAll()).hasSize(3);
    rig.end(one, Traffic.FIRST);
    assertThat(rig.startAll()).hasSize(1);
    assertThat(rig.budget.inFlight()).isEqualTo(3);
  }

  @Test
  void aTenantAtItsLimitWaitsForItsOwn() {
    limit(kinds(20), kinds(2));
    Lane greedy = lane(1, 10, 2, Trigger.LIVE);
    rig.consider(greedy, lane(1, 11, 2, Trigger.LIVE), lane(2, 20, 1, Trigger.LIVE));
    assertThat(rig.startAll()).containsExactlyInAnyOrder(10L, 11L, 20L);
    rig.end(greedy, Traffic.FIRST);
    assertThat(rig.startAll()).containsExactly(10L);
  }

  @Test
  void retriesAndReplaysLeaveRoomForFirstAttempts() {
    limit(new Kinds(100, 5, 5, 2, 6), kinds(100));
    Lane again = rig.answering(lane(1, 4, Trigger.RETRY));
    Lane recovered = rig.answering(lane(2, 4, Trigger.RECOVERY));
    Lane replayed = rig.answering(lane(3, 4, Trigger.REPLAY));
    rig.consider(again, recovered, replayed);
    List<Long> started = rig.startAll();
    assertThat(started).hasSize(6);
    assertThat(started.stream().filter(id -> id == 3)).hasSize(2);
    rig.consider(rig.answering(lane(4, 4, Trigger.LIVE)));
    assertThat(rig.startAll()).containsExactly(4L, 4L, 4L, 4L);
    // A place of a retry goes to one that waits for it, without a look at the others.
    rig.end(again, Traffic.AGAIN);
    assertThat(rig.startAll()).hasSize(1).doesNotContain(3L);
    rig.end(replayed, Traffic.REPLAY);
    assertThat(rig.startAll()).hasSize(1);
  }

  @Test
  void slowEndpointsLeaveRoomForFastOnes() {
    limit(new Kinds(20, 4, 20, 20, 20), kinds(20));
    Lane one = hanging(1, 1);
    Lane two = hanging(2, 2);
    rig.consider(one, two);
    assertThat(rig.startAll()).as("the four that are allowed, of both").hasSize(2);
    rig.consider(lane(3, 4, Trigger.LIVE));
    assertThat(rig.startAll()).containsExactly(3L, 3L, 3L, 3L);
    rig.end(one, Traffic.FIRST);
    assertThat(rig.startAll()).hasSize(1).doesNotContain(3L);
  }

  @Test
  void anOldRetryWithoutAPlaceDoesNotHoldUpTheFirstAttemptsOfItsLane() {
    limit(new Kinds(20, 20, 1, 20, 20), kinds(20));
    rig.consider(rig.answering(lane(1, 1, Trigger.RETRY)));
    assertThat(rig.startAll()).containsExactly(1L);
    Lane flooded = rig.answering(lane(2, 1, Trigger.RETRY));
    for (int i = 0; i < 6; i++) {
      flooded.add(LaneTest.live(i), 1);
    }
    flooded.allow(0, 20);
    rig.consider(flooded);
    assertThat(rig.startAll()).as("four at a time").hasSize(4);
    assertThat(flooded.nextTraffic()).isEqualTo(Traffic.FIRST);
  }

  @Test
  void aLaneThatIsSetAsideGoesOnWithItsFirstAttempts() {
    limit(new Kinds(10, 10, 1, 10, 10), kinds(10));
    Lane lane = lane(1, 3, Trigger.RETRY);
    rig.consider(lane);
    assertThat(rig.startAll()).containsExactly(1L);
    lane.add(LaneTest.live(9), 0);
    rig.consider(lane);
    assertThat(rig.startAll()).containsExactly(1L);
    assertThat(lane.size()).isEqualTo(2);
    rig.end(lane, Traffic.AGAIN);
    assertThat(rig.startAll()).containsExactly(1L);
  }

  @Test
  void aLaneThatHasRunEmptyMeanwhileDoesNotUseUpThePlaceOfAnother() {
    limit(new Kinds(10, 10, 1, 10, 10), kinds(10));
    Lane first = lane(1, 1, Trigger.RETRY);
    Lane emptied = lane(2, 1, Trigger.RETRY);
    Lane other = lane(3, 1, Trigger.RETRY);
    rig.consider(first, emptied, other);
    assertThat(rig.startAll()).containsExactly(1L);
    emptied.expire(Long.MAX_VALUE, delivery -> {});
    rig.end(first, Traffic.AGAIN);
    assertThat(rig.startAll()).containsExactly(3L);
  }

  @Test
  void slowEndpointsAndRetriesOfATenantLeaveRoomForItsFastOnesToo() {
    limit(kinds(100), new Kinds(80, 4, 5, 2, 6));
    rig.consider(hanging(1, 1), hanging(1, 2), hanging(1, 3));
    rig.consider(lane(1, 4, 4, Trigger.RETRY), lane(1, 5, 4, Trigger.REPLAY));
    assertThat(rig.startAll()).as("three hang besides").hasSize(3);
    rig.consider(lane(2, 20, 2, Trigger.RETRY));
    assertThat(rig.startAll()).as("another tenant").containsExactly(20L, 20L);
    rig.consider(rig.answering(lane(1, 6, 4, Trigger.LIVE)));
    assertThat(rig.startAll()).containsExactly(6L, 6L, 6L, 6L);
  }

  @Test
  void aPlaceOfItsTenantGoesToALaneThatWaitsForOneAndStillHasSomething() {
    limit(kinds(100), new Kinds(10, 10, 1, 10, 10));
    Lane first = lane(1, 1, 1, Trigger.RETRY);
    Lane emptied = lane(1, 2, 1, Trigger.RETRY);
    rig.consider(first, emptied, lane(1, 3, 1, Trigger.RETRY));
    assertThat(rig.startAll()).containsExactly(1L);
    emptied.expire(Long.MAX_VALUE, delivery -> {});
    rig.end(first, Traffic.AGAIN);
    assertThat(rig.startAll()).containsExactly(3L);
  }

  @Test
  void aPlaceOfWhichThereIsOneGoesRoundAllThatWaitForIt() {
    limit(kinds(100), new Kinds(10, 10, 1, 10, 10));
    assertThat(
            rig.turns(
                8,
                rig.answering(lane(1, 1, 50, Trigger.RETRY)),
                rig.answering(lane(1, 2, 50, Trigger.RETRY)),
                rig.answering(lane(1, 3, 50, Trigger.RETRY))))
        .containsExactly(1L, 2L, 3L, 1L, 2L, 3L, 1L, 2L, 3L);
  }

  @Test
  void tenantsThatTakeAllPlacesOfAKindLeaveThemToAThirdInTurn() {
    limit(new Kinds(10, 10, 2, 10, 10), new Kinds(10, 10, 1, 10, 10));
    Lane[] lanes = new Lane[7];
    for (int i = 0; i < 7; i++) {
      lanes[i] = rig.answering(lane(i / 3, i, 50, Trigger.RETRY));
    }
    assertThat(rig.turns(20, lanes)).contains(0L, 1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void kindsThatShareABoundHaveTheirTurns() {
    limit(kinds(100), new Kinds(10, 10, 10, 10, 1));
    Lane again = rig.answering(lane(1, 1, 50, Trigger.RETRY));
    Lane slow = hanging(1, 2);
    Lane replayed = rig.answering(lane(1, 3, 50, Trigger.REPLAY));
    rig.end(slow, Traffic.FIRST);
    assertThat(rig.turns(20, again, slow, replayed)).contains(1L, 2L, 3L);
  }

  private void limit(Kinds all, Kinds tenant) {
    rig = new ScheduleRig(all, tenant);
  }

  private Lane hanging(long tenant, long endpoint) {
    return rig.hanging(rig.lane(tenant, endpoint, 4, Trigger.LIVE));
  }

  /** Of a tenant of its own. */
  private Lane lane(long endpoint, int waiting, Trigger trigger) {
    return rig.lane(endpoint, endpoint, waiting, trigger);
  }

  private Lane lane(long tenant, long endpoint, int waiting, Trigger trigger) {
    return rig.lane(tenant, endpoint, waiting, trigger);
  }
}
