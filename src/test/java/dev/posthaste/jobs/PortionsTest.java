package dev.posthaste.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.store.JobSteps.Standing;
import org.junit.jupiter.api.Test;

class PortionsTest {
  private final Portions portions = new Portions(100);

  @Test
  void growWhenNearlyAllOfOneThatWasPutUpWholeHasGone() {
    assertThat(room(0)).isEqualTo(32);
    assertThat(room(3)).as("a part of it was put up").isEqualTo(29);
    portions.putUpWhole(1);
    assertThat(room(32)).isZero();
    assertThat(room(9)).as("twenty-three have gone").isEqualTo(23);
    assertThat(room(8)).as("twenty-four have gone").isEqualTo(56);
    assertThat(room(0)).as("not put up yet").isEqualTo(64);
    portions.putUpWhole(1);
    assertThat(room(0)).as("what may wait").isEqualTo(100);
    portions.putUpWhole(1);
    assertThat(room(0)).isEqualTo(100);
  }

  @Test
  void shrinkWhenMuchIsLateAndThenPutUpNothing() {
    portions.putUpWhole(1);
    assertThat(room(0)).isEqualTo(64);
    assertThat(portions.room(1, new Standing(40, 40, 16))).as("a few time out").isEqualTo(24);
    assertThat(portions.room(1, new Standing(40, 40, 17))).isZero();
    assertThat(room(8)).as("of the least").isEqualTo(24);
    assertThat(portions.room(1, new Standing(9, 9, 9))).isZero();
    assertThat(room(8)).as("of the least").isEqualTo(24);
  }

  @Test
  void leaveOutWhatWaitsForARetryToComeUpToWhatMayWaitInAll() {
    assertThat(portions.room(1, new Standing(60, 2, 0))).isEqualTo(30);
    assertThat(portions.room(1, new Standing(90, 2, 0))).isEqualTo(10);
    assertThat(portions.room(1, new Standing(101, 2, 0))).isNegative();
  }

  @Test
  void eachJobHasItsOwnAndNoneMoreThanMayWait() {
    portions.putUpWhole(1);
    assertThat(room(0)).isEqualTo(64);
    assertThat(portions.room(2, new Standing(3, 3, 0))).isEqualTo(29);
    assertThat(new Portions(3).room(1, new Standing(0, 0, 0))).isEqualTo(3);
  }

  private int room(int due) {
    return portions.room(1, new Standing(due, due, 0));
  }
}
