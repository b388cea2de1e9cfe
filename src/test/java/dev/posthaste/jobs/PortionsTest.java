package dev.posthaste.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.store.JobSteps.Standing;
import org.junit.jupiter.api.Test;

class PortionsTest {
  private final Portions portions = new Portions(20);

  @Test
  void growWhenNearlyAllOfOneHasGoneUpToWhatMayWait() {
    assertThat(room(0)).isEqualTo(8);
    assertThat(room(2)).as("it is not full yet").isEqualTo(6);
    assertThat(room(8)).isZero();
    assertThat(room(3)).as("five have gone").isEqualTo(5);
    assertThat(room(2)).as("six have gone").isEqualTo(14);
    assertThat(room(16)).isZero();
    assertThat(room(0)).isEqualTo(20);
    assertThat(room(20)).isZero();
    assertThat(room(0)).isEqualTo(20);
  }

  @Test
  void shrinkWhileSomethingIsLateAndThenPutUpNothing() {
    room(8);
    room(0);
    assertThat(room(16)).isZero();
    assertThat(portions.room(1, new Standing(12, true))).isZero();
    assertThat(room(3)).as("of eight").isEqualTo(5);
    assertThat(portions.room(1, new Standing(3, true))).isZero();
    assertThat(room(3)).as("of eight still").isEqualTo(5);
  }

  @Test
  void eachJobHasItsOwnAndNoneMoreThanMayWait() {
    room(8);
    assertThat(room(0)).isEqualTo(16);
    assertThat(portions.room(2, new Standing(3, false))).isEqualTo(5);
    assertThat(new Portions(3).room(1, new Standing(0, false))).isEqualTo(3);
  }

  private int room(int waiting) {
    return portions.room(1, new Standing(waiting, false));
  }
}
