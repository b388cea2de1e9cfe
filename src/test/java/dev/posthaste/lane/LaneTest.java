package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Deferral.Reason;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Settlement;
import dev.posthaste.support.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final long SECOND = 1_000_000_000L;
  static final Lane.Rules RULES =
      new Lane.Rules(8, 10 * SECOND, SECOND, 2 * SECOND, new Breaker.Rules(2, SECOND, 60 * SECOND));

  private final Lane lane = new Lane(7, new TenantShare(1), RULES, new AimdLimit(2));

  @Test
  void refusesWhatDoesNotFitAndKeepsAPartForTheTableUntilThatIsEmpty() {
    fill(8);
    assertThat(lane.refusal(live(9), 0)).contains(Reason.LANE_FULL);
    assertThat(lane.overflows(0)).isTrue();
    for (int i = 0; i < 5; i++) {
      lane.start(0);
    }
    assertThat(lane.refusal(live(9), 0)).as("three wait").contains(Reason.LANE_FULL);
    assertThat(lane.refusal(claimed(9), 0)).isEmpty();
    lane.start(0);
    assertThat(lane.refusal(live(9), 0)).as("two wait").isEmpty();
    assertThat(lane.endOverflow()).isTrue();
    fill(5);
    assertThat(lane.refusal(live(9), 0)).isEmpty();
  }

  @Test
  void takesBackUpToHalfOfItsCapacityOnceAQuarterOfThatHasLeft() {
    fill(4);
    lane.overflows(0);
    assertThat(lane.room()).isZero();
    assertThat(lane.endOverflow()).isTrue();
    lane.overflows(0);
    lane.start(0);
    assertThat(lane.room()).isEqualTo(1);
    drain();
    assertThat(lane.room()).isEqualTo(4);
  }

  @Test
  void takesBackNoMoreThanWhatLeavesInTime() {
    fill(8);
    lane.overflows(0);
    for (int i = 0; i < 4; i++) {
      lane.start(i);
      lane.ended(Traffic.FIRST);
    }
    // Four have left within 10 s, so two leave within the half of that.
    lane.tooSlow(10 * SECOND);
    drain();
    assertThat(lane.room()).isEqualTo(2);
    lane.add(claimed(1), 0);
    lane.start(11 * SECOND);
    assertThat(lane.room()).as("it had run empty").isEqualTo(4);
  }

  @Test
  void whenTheFirstWaitsTooLongItTakesBackAFewUntilMoreIsKnown() {
    Lane slow = lane(100, 2);
    slow.overflows(0);
    slow.tooSlow(0);
    assertThat(slow.room()).isEqualTo(8);
    slow.tooSlow(5 * SECOND);
    assertThat(slow.room()).as("nothing has left").isEqualTo(1);
  }

  @Test
  void afterABreakItTakesBackLittleAndMoreOnlyAsItRunsEmpty() {
    Lane back = lane(100, 2);
    back.overflows(0);
    assertThat(back.room()).isEqualTo(50);
    back.restart(0);
    assertThat(back.room()).isEqualTo(8);
    back.add(claimed(1), 0);
    back.start(0);
    assertThat(back.room()).isEqualTo(16);
  }

  /** Ten a second come, and one a second leaves. */
  @Test
  void aFloodDoesNotNarrowItBelowWhatLeavesInTime() {
    Lane flooded = lane(100, 2);
    int lastExpiry = 0;
    for (int second = 1; second <= 60; second++) {
      long now = second * SECOND;
      for (int i = 0; i < 10; i++) {
        if (flooded.refusal(live(i), now).isEmpty()) {
          flooded.add(live(i), second * 1_000L);
        } else {
          flooded.overflows(now);
        }
      }
      if (flooded.expire((second - 10) * 1_000L, expired -> {}) > 0) {
        flooded.tooSlow(now);
        lastExpiry = second;
      }
      flooded.start(now);
      flooded.ended(Traffic.FIRST);
    }
    assertThat(flooded.size()).as("more than a few, and none too many").isBetween(3, 9);
    assertThat(lastExpiry).isLessThan(30);
  }

  @Test
  void aLaneThatTakesOneAtATimeTakesItFromTheTableUnlessNothingComesFromThere() {
    fill(8);
    lane.overflows(0);
    lane.start(5 * SECOND);
    drain();
    lane.tooSlow(5 * SECOND);
    assertThat(lane.refusal(live(9), 7 * SECOND)).contains(Reason.LANE_FULL);
    assertThat(lane.room()).isEqualTo(1);
    assertThat(lane.refusal(claimed(9), 7 * SECOND)).isEmpty();
    assertThat(lane.refusal(live(9), 7 * SECOND + 1)).isEmpty();
    lane.add(claimed(9), 7_000);
    assertThat(lane.refusal(live(9), 13 * SECOND)).contains(Reason.LANE_FULL);
  }

  @Test
  void aPacedLaneTakesNoMoreThanItsPaceLetsGoInTime() {
    lane.allow(2 * SECOND, 2);
    lane.paceFor(1);
    lane.overflows(0);
    fill(2);
    assertThat(lane.refusal(live(9), 0)).contains(Reason.LANE_FULL);
    assertThat(lane.room()).isEqualTo(1);
  }

  @Test
  void whatCameFromTheTableWaitsSinceItWasDueOrSinceAnythingCouldGo() {
    lane.add(due(2 * SECOND), 9_000);
    Waiting started = lane.start(10 * SECOND);
    assertThat(lane.waitedMillis(started, 10_000, 10 * SECOND)).isEqualTo(8_000);
    lane.restart(5 * SECOND);
    assertThat(lane.waitedMillis(started, 10_000, 10 * SECOND)).isEqualTo(5_000);
    lane.breaker().failed(0, 0, false);
    lane.breaker().failed(0, 0, false);
    assertThat(lane.waitedMillis(started, 10_000, 10 * SECOND)).as("a probe").isEqualTo(1_000);
  }

  @Test
  void aPacedLaneTakesBackWhatItsPaceLetsGoInTime() {
    lane.allow(2 * SECOND, 2);
    lane.paceFor(1);
    lane.overflows(0);
    assertThat(lane.room()).isEqualTo(3);
    lane.paceFor(10);
    assertThat(lane.room()).isEqualTo(1);
    lane.add(claimed(1), 0);
    lane.start(0);
    assertThat(lane.opensNanos(0)).as("5 s before the next may go").isEqualTo(15 * SECOND);
  }

  @Test
  void goesFirstAttemptsBeforeRetriesBeforeReplaysAndInOrderWithin() {
    lane.add(delivery(1, Trigger.REPLAY), 0);
    lane.add(delivery(2, Trigger.RETRY), 0);
    lane.add(delivery(3, Trigger.RECOVERY), 0);
    lane.add(delivery(4, Trigger.LIVE).retried(), 0);
    lane.add(delivery(5, Trigger.LIVE), 0);
    List<Long> order = new ArrayList<>();
    while (lane.size() > 0) {
      order.add(lane.start(0).delivery().event().id());
    }
    assertThat(order).containsExactly(5L, 2L, 3L, 4L, 1L);
    assertThatIllegalStateException().isThrownBy(() -> lane.start(0));
  }

  @Test
  void oneInFourGoesBecauseItHasWaitedLongest() {
    lane.add(delivery(1, Trigger.REPLAY), 10);
    lane.add(delivery(2, Trigger.RETRY), 20);
    lane.add(delivery(3, Trigger.RETRY), 20);
    for (int i = 4; i <= 9; i++) {
      lane.add(live(i), 30);
    }
    List<Long> order = new ArrayList<>();
    while (lane.size() > 0) {
      order.add(lane.start(0).delivery().event().id());
    }
    assertThat(order).as("a replay at last").containsExactly(4L, 5L, 6L, 2L, 7L, 8L, 9L, 3L, 1L);
  }

  /** A recovery fills the lane again whenever something has left. */
  @Test
  void whatComesDirectlyFindsRoomBesideReplaysThatWait() {
    lane.overflows(0);
    for (int i = 0; i < 4; i++) {
      lane.add(delivery(i, Trigger.REPLAY), 0);
    }
    assertThat(lane.room()).as("retries may be behind them").isEqualTo(2);
    assertThat(lane.refusal(delivery(9, Trigger.REPLAY), 0)).contains(Reason.LANE_FULL);
    for (int i = 4; i < 7; i++) {
      assertThat(lane.refusal(live(i), 0)).isEmpty();
      lane.add(live(i), 0);
    }
    assertThat(lane.refusal(live(8), 0)).as("three new ones").contains(Reason.LANE_FULL);
    assertThat(lane.nextTraffic()).isEqualTo(Traffic.FIRST);
    lane.add(delivery(9, Trigger.RETRY), 0);
    assertThat(lane.size()).isEqualTo(8);
    assertThat(lane.room()).as("more than half as much again as fits").isZero();
    lane.start(0);
    lane.add(delivery(10, Trigger.RETRY), 0);
    assertThat(lane.refusal(live(8), 0)).as("eight in all").contains(Reason.LANE_FULL);
  }

  /** Eleven new ones a second come where ten can go, and two retries from the table. */
  @Test
  void aFloodOfFirstAttemptsDoesNotSendRetriesBackToTheTable() {
    Lane flooded = lane(1_000, 20);
    flooded.overflows(0);
    int lastRetrySentBack = 0;
    for (int second = 1; second <= 120; second++) {
      long now = second * SECOND;
      List<Traffic> sentBack = new ArrayList<>();
      for (int i = 0; i < 13; i++) {
        Delivery delivery = i < 2 ? retry(i) : live(i);
        if (flooded.refusal(delivery, now).isEmpty()) {
          flooded.add(delivery, second * 1_000L);
        }
      }
      if (flooded.expire((second - 10) * 1_000L, d -> sentBack.add(Traffic.of(d))) > 0) {
        flooded.tooSlow(now);
      }
      if (sentBack.contains(Traffic.AGAIN)) {
        lastRetrySentBack = second;
      }
      for (int i = 0; i < 10; i++) {
        flooded.ended(Traffic.of(flooded.start(now).delivery()));
      }
    }
    assertThat(lastRetrySentBack).as("until its window is what leaves in time").isLessThan(60);
  }

  @Test
  void isReadyOnlyWhileSomethingWaitsAndTheLimitAllows() {
    assertThat(lane.isReady(0)).isFalse();
    fill(3);
    lane.start(0);
    assertThat(lane.isReady(0)).isTrue();
    lane.start(0);
    assertThat(lane.isReady(0)).isFalse();
    lane.ended(Traffic.FIRST);
    lane.learn(0, 1, false);
    assertThat(lane.isReady(0)).isTrue();
  }

  @Test
  void overloadNarrowsItAndAnEndWithoutALessonLeavesItAsItIs() {
    fill(3);
    lane.start(0);
    lane.start(0);
    lane.ended(Traffic.FIRST);
    lane.learn(0, 1, true);
    assertThat(lane.inFlight()).isEqualTo(1);
    assertThat(lane.isReady(0)).isFalse();
    lane.ended(Traffic.FIRST);
    assertThat(lane.isReady(0)).isTrue();
  }

  @Test
  void anOpenBreakerLetsOneProbeInWhenItIsTime() {
    fill(1);
    lane.start(0);
    lane.breaker().failed(0, 0, false);
    lane.breaker().failed(0, 0, false);
    lane.overflows(0);
    assertThat(lane.refusal(live(1), 0)).contains(Reason.BREAKER_OPEN);
    assertThat(lane.room()).isEqualTo(1);
    assertThat(lane.opensNanos(0)).isEqualTo(SECOND);
    assertThat(lane.refusal(live(1), SECOND)).isEmpty();
    lane.add(live(1), 0);
    assertThat(lane.isReady(SECOND)).isTrue();
    assertThat(lane.refusal(live(2), SECOND)).contains(Reason.BREAKER_OPEN);
    lane.start(SECOND);
    assertThat(lane.breaker().isProbing()).isTrue();
    assertThat(lane.room()).isZero();
    assertThat(lane.refusal(live(2), SECOND)).contains(Reason.BREAKER_OPEN);
    lane.restart(2 * SECOND);
    assertThat(lane.refusal(claimed(2), 2 * SECOND)).isEmpty();
  }

  @Test
  void isSlowWhenItsAttemptsTakeLongOrNothingComesBack() {
    fill(2);
    lane.start(0);
    lane.look(SECOND);
    assertThat(lane.refreshSlow()).isFalse();
    lane.look(SECOND + 1);
    assertThat(lane.refreshSlow()).isTrue();
    assertThat(lane.isSlow()).isTrue();
    lane.ended(Traffic.FIRST);
    lane.learn(0, 2 * SECOND, false);
    lane.refreshSlow();
    assertThat(lane.isSlow()).as("2 s on average").isTrue();
    for (int i = 0; i < 10; i++) {
      lane.learn(0, 1, false);
    }
    assertThat(lane.refreshSlow()).isTrue();
    assertThat(lane.isSlow()).isFalse();
  }

  @Test
  void handsOutWhatHasWaitedTooLong() {
    lane.add(delivery(1, Trigger.LIVE), 100);
    lane.add(delivery(2, Trigger.RETRY), 150);
    lane.add(delivery(3, Trigger.LIVE), 200);
    List<Long> expired = new ArrayList<>();
    assertThat(lane.oldestMillis()).isEqualTo(100);
    assertThat(lane.expire(200, delivery -> expired.add(delivery.event().id()))).isEqualTo(2);
    assertThat(expired).containsExactlyInAnyOrder(1L, 2L);
    assertThat(lane.size()).isEqualTo(1);
    assertThat(lane.oldestMillis()).isEqualTo(200);
  }

  @Test
  void mayBeForgottenWhenItIsLongIdleAndNothingIsKnownOfIt() {
    lane.idleSince(0);
    assertThat(lane.isForgettable(SECOND, SECOND)).isFalse();
    assertThat(lane.isForgettable(SECOND, SECOND + 1)).isTrue();
    lane.breaker().failed(0, 0, false);
    lane.breaker().failed(0, 0, false);
    assertThat(lane.isForgettable(SECOND, SECOND + 1)).isFalse();
  }

  private static Lane lane(int capacity, int concurrency) {
    Lane.Rules rules = new Lane.Rules(capacity, 10 * SECOND, SECOND, 2 * SECOND, RULES.breaker());
    return new Lane(7, new TenantShare(1), rules, new AimdLimit(concurrency));
  }

  private void fill(int deliveries) {
    for (int i = 0; i < deliveries; i++) {
      lane.add(live(i), 0);
    }
  }

  private void drain() {
    lane.expire(Long.MAX_VALUE, delivery -> {});
  }

  static Delivery live(long id) {
    return delivery(id, Trigger.LIVE);
  }

  private static Delivery claimed(long id) {
    return new Delivery(
        Samples.event(id), 7, 0, Trigger.LIVE, true, Optional.empty(), Settlement.NONE);
  }

  private static Delivery retry(long id) {
    return new Delivery(
        Samples.event(id), 7, 1, Trigger.RETRY, true, Optional.empty(), Settlement.NONE);
  }

  private static Delivery due(long sinceNanos) {
    return new Delivery(
        Samples.event(1),
        7,
        1,
        Trigger.RETRY,
        true,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.of(sinceNanos),
        Settlement.NONE);
  }

  static Delivery delivery(long id, Trigger trigger) {
    return new Delivery(Samples.event(id), 7, 0, trigger, false, Optional.empty(), Settlement.NONE);
  }
}
