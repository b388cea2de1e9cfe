package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FairScheduleTest {
  private final FairSchedule schedule = new FairSchedule();

  @Test
  void aLongLaneDoesNotKeepShortOnesWaiting() {
    Lane longOne = lane(1, 100, 64);
    Lane shortOne = lane(2, 2, 64);
    Lane other = lane(3, 1, 64);
    schedule.consider(longOne, 0);
    schedule.consider(shortOne, 0);
    schedule.consider(other, 0);
    // Lane 1 ends at the four that its limit allows in flight.
    assertThat(startAll(8)).containsExactly(1L, 2L, 3L, 1L, 2L, 1L, 1L);
  }

  @Test
  void aLaneStandsInLineOnceHoweverOftenItIsConsidered() {
    Lane lane = lane(1, 10, 1);
    for (int i = 0; i < 5; i++) {
      schedule.consider(lane, 0);
    }
    assertThat(startAll(10)).containsExactly(1L);
    assertThat(schedule.next(0)).isEmpty();
    lane.succeed();
    schedule.consider(lane, 0);
    assertThat(startAll(10)).containsExactly(1L);
  }

  @Test
  void aLaneThatIsNoLongerReadyIsPassedOver() {
    Lane emptied = lane(1, 3, 64);
    Lane other = lane(2, 1, 64);
    schedule.consider(emptied, 0);
    schedule.consider(other, 0);
    emptied.drain();
    assertThat(schedule.next(0)).containsSame(other);
    assertThat(schedule.next(0)).isEmpty();
    emptied.offer(LaneTest.delivery(9, Trigger.LIVE), 0);
    schedule.consider(emptied, 0);
    assertThat(schedule.next(0)).containsSame(emptied);
  }

  private List<Long> startAll(int most) {
    List<Long> order = new ArrayList<>();
    for (Optional<Lane> lane = schedule.next(0);
        lane.isPresent() && order.size() < most;
        lane = schedule.next(0)) {
      lane.get().start(0);
      order.add(lane.get().endpointId());
      schedule.consider(lane.get(), 0);
    }
    return order;
  }

  private static Lane lane(long endpoint, int waiting, int limit) {
    Lane lane = new Lane(endpoint, 1_000, new AimdLimit(limit));
    for (int i = 0; i < waiting; i++) {
      lane.offer(LaneTest.delivery(i, Trigger.LIVE), 0);
    }
    return lane;
  }
}
