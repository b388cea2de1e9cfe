package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Settlement;
import dev.posthaste.support.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaneTest {
  private final Lane lane = new Lane(7, 4, new AimdLimit(2));

  @Test
  void takesNoMoreThanItsCapacity() {
    for (int i = 0; i < 4; i++) {
      assertThat(lane.offer(delivery(i, Trigger.LIVE), 0)).isTrue();
    }
    assertThat(lane.offer(delivery(5, Trigger.LIVE), 0)).isFalse();
    lane.start(0);
    assertThat(lane.offer(delivery(6, Trigger.LIVE), 0)).isTrue();
    assertThat(lane.size()).isEqualTo(4);
    assertThat(lane.inFlight()).isEqualTo(1);
  }

  @Test
  void goesLiveBeforeRetryBeforeReplayAndInOrderWithin() {
    lane.offer(delivery(1, Trigger.REPLAY), 0);
    lane.offer(delivery(2, Trigger.RETRY), 0);
    lane.offer(delivery(3, Trigger.RECOVERY), 0);
    lane.offer(delivery(4, Trigger.LIVE), 0);
    List<Long> order = new ArrayList<>();
    while (lane.size() > 0) {
      order.add(lane.start(0).event().id());
    }
    assertThat(order).containsExactly(4L, 2L, 3L, 1L);
    assertThatIllegalStateException().isThrownBy(() -> lane.start(0));
  }

  @Test
  void isReadyOnlyWhileSomethingWaitsAndTheLimitAllows() {
    assertThat(lane.isReady(0)).isFalse();
    for (int i = 0; i < 3; i++) {
      lane.offer(delivery(i, Trigger.LIVE), 0);
    }
    lane.start(0);
    assertThat(lane.isReady(0)).isTrue();
    lane.start(0);
    assertThat(lane.isReady(0)).isFalse();
    lane.succeed();
    assertThat(lane.isReady(0)).isTrue();
  }

  @Test
  void overloadNarrowsItAndIgnoredEndsLeaveItAsItIs() {
    lane.offer(delivery(1, Trigger.LIVE), 0);
    lane.offer(delivery(2, Trigger.LIVE), 0);
    lane.offer(delivery(3, Trigger.LIVE), 0);
    lane.start(0);
    lane.start(0);
    lane.overload();
    assertThat(lane.inFlight()).isEqualTo(1);
    assertThat(lane.isReady(0)).isFalse();
    lane.ignore();
    assertThat(lane.isReady(0)).isTrue();
  }

  @Test
  void handsOutWhatHasWaitedTooLong() {
    lane.offer(delivery(1, Trigger.LIVE), 100);
    lane.offer(delivery(2, Trigger.RETRY), 150);
    lane.offer(delivery(3, Trigger.LIVE), 200);
    List<Long> expired = new ArrayList<>();
    lane.expire(200, delivery -> expired.add(delivery.event().id()));
    assertThat(expired).containsExactlyInAnyOrder(1L, 2L);
    assertThat(lane.size()).isEqualTo(1);
    assertThat(lane.drain()).extracting(delivery -> delivery.event().id()).containsExactly(3L);
    assertThat(lane.size()).isZero();
  }

  static Delivery delivery(long id, Trigger trigger) {
    return new Delivery(Samples.event(id), 7, 0, trigger, false, Optional.empty(), Settlement.NONE);
  }
}
