package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AimdLimitTest {
  private long now;

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
    overload(limit);
    assertThat(limit.current()).isEqualTo(4);
    for (int i = 0; i < 20; i++) {
      overload(limit);
    }
    assertThat(limit.current()).isEqualTo(1);
  }

  @Test
  void growsByAboutOnePerRoundAfterAnOverload() {
    AimdLimit limit = new AimdLimit(64);
    round(limit);
    round(limit);
    overload(limit);
    assertThat(limit.current()).isEqualTo(8);
    round(limit);
    round(limit);
    assertThat(limit.current()).isBetween(9, 10);
  }

  @Test
  void recoversFromTheFloor() {
    AimdLimit limit = new AimdLimit(64);
    for (int i = 0; i < 20; i++) {
      overload(limit);
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

  @Test
  void isCutOncePerRound() {
    AimdLimit limit = new AimdLimit(64);
    round(limit);
    round(limit);
    limit.onOverload(10, 20);
    assertThat(limit.current()).isEqualTo(8);
    // Fifteen more were under way when it was cut.
    for (int i = 0; i < 15; i++) {
      limit.onOverload(10 + i % 10, 21 + i);
    }
    assertThat(limit.current()).isEqualTo(8);
    limit.onOverload(20, 40);
    assertThat(limit.current()).isEqualTo(4);
  }

  @Test
  void restartsWithOneAndGrowsFast() {
    AimdLimit limit = new AimdLimit(64);
    round(limit);
    overload(limit);
    limit.restart();
    assertThat(limit.current()).isEqualTo(1);
    round(limit);
    round(limit);
    round(limit);
    assertThat(limit.current()).isEqualTo(8);
  }

  /** Of an attempt that began after the last one ended. */
  private void overload(AimdLimit limit) {
    now += 10;
    limit.onOverload(now, now + 1);
  }

  /** As many successes as fit at once, all of them in flight together. */
  private static void round(AimdLimit limit) {
    int width = limit.current();
    for (int i = 0; i < width; i++) {
      limit.onSuccess(width);
    }
  }
}
