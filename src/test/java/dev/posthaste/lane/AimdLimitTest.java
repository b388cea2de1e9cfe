package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AimdLimitTest {
  @Test
  void startsSmallAndDoublesPerRoundWhileAllIsWell() {
    AimdLimit limit = new AimdLimit(64);
    assertThat(limit.current()).isEqualTo(4);
    round(limit);
    assertThat(limit.current()).isEqualTo(8);
    round(limit);
    assertThat(limit.current()).isEqualTo(16);
  }

  @Test
  void neverGrowsBeyondItsCeiling() {
    AimdLimit limit = new AimdLimit(10);
    for (int i = 0; i < 20; i++) {
      round(limit);
    }
    assertThat(limit.current()).isEqualTo(10);
    assertThat(new AimdLimit(1).current()).isEqualTo(1);
  }

  @Test
  void isHalvedByOverloadAndNeverFallsBelowOne() {
    AimdLimit limit = new AimdLimit(64);
    round(limit);
    limit.onOverload();
    assertThat(limit.current()).isEqualTo(4);
    for (int i = 0; i < 20; i++) {
      limit.onOverload();
    }
    assertThat(limit.current()).isEqualTo(1);
  }

  @Test
  void growsByAboutOnePerRoundAfterAnOverload() {
    AimdLimit limit = new AimdLimit(64);
    round(limit);
    round(limit);
    limit.onOverload();
    assertThat(limit.current()).isEqualTo(8);
    round(limit);
    round(limit);
    assertThat(limit.current()).isBetween(9, 10);
  }

  @Test
  void recoversFromTheFloor() {
    AimdLimit limit = new AimdLimit(64);
    for (int i = 0; i < 20; i++) {
      limit.onOverload();
    }
    for (int i = 0; i < 50; i++) {
      round(limit);
    }
    assertThat(limit.current()).isGreaterThan(20);
  }

  @Test
  void doesNotGrowWhenItIsNotWhatHoldsTheLaneBack() {
    AimdLimit limit = new AimdLimit(64);
    for (int i = 0; i < 100; i++) {
      limit.onSuccess(1);
    }
    assertThat(limit.current()).isEqualTo(4);
  }

  /** As many successes as fit at once, all of them in flight together. */
  private static void round(AimdLimit limit) {
    int width = limit.current();
    for (int i = 0; i < width; i++) {
      limit.onSuccess(width);
    }
  }
}
