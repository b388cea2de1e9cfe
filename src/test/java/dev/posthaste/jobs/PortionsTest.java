package dev.posthaste.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.store.JobSteps.Standing;
import org.junit.jupiter.api.Test;

class PortionsTest {
  private final Portions portions = new Portions(100);

  @Test
  void growWhileNearlyAllHasGoneUpToWhatMayWait() {
    assertThat(portions.room(1, new Standing(0, false))).isEqualTo(16);
    assertThat(portions.room(1, new Standing(16, false))).isZero();
    assertThat(portions.room(1, new Standing(5, false))).as("as it is").isEqualTo(11);
    assertThat(portions.room(1, new Standing(4, false))).isEqualTo(28);
    assertThat(portions.room(1, new Standing(0, false))).isEqualTo(64);
    assertThat(portions.room(1, new Standing(0, false))).isEqualTo(100);
    assertThat(portions.room(1, new Standing(0, false))).isEqualTo(100);
  }

  @Test
  void shrinkWhileSomethingIsLateAndThenPutUpNothing() {
    for (int i = 0; i < 9; i++) {
      portions.room(1, new Standing(0, false));
    }
    assertThat(portions.room(1, new Standing(60, true))).isZero();
    assertThat(portions.room(1, new Standing(20, false))).as("of fifty").isEqualTo(30);
    for (int i = 0; i < 9; i++) {
      assertThat(portions.room(1, new Standing(1, true))).isZero();
    }
    assertThat(portions.room(1, new Standing(3, false))).as("of eight").isEqualTo(5);
  }

  @Test
  void eachJobHasItsOwnAndNoneMoreThanMayWait() {
    portions.room(1, new Standing(0, false));
    assertThat(portions.room(2, new Standing(3, false))).isEqualTo(5);
    assertThat(new Portions(3).room(1, new Standing(0, false))).isEqualTo(3);
  }
}
