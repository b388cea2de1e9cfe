package dev.posthaste.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.http.Throttle.Taken;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private static final long MILLI = 1_000_000L;

  private final Throttle throttle = new Throttle(10);

  private boolean take(long caller, long millis) {
    return throttle.take(caller, 1, millis * MILLI).granted();
  }

  @Test
  void whatOneSecondBringsMayComeAtOnceAndThenOneByOne() {
    for (int i = 0; i < 10; i++) {
      Taken taken = throttle.take(1, 1, 0);
      assertThat(taken.granted()).isTrue();
      assertThat(taken.left()).isEqualTo(9 - i);
      assertThat(taken.fullInSeconds()).isEqualTo(1);
    }
    Taken over = throttle.take(1, 1, 0);
    assertThat(over.granted()).isFalse();
    assertThat(over.left()).isZero();
    assertThat(over.retrySeconds()).isEqualTo(1);
    assertThat(take(1, 99)).isFalse();
    assertThat(take(1, 100)).isTrue();
    assertThat(take(1, 100)).isFalse();
    assertThat(take(2, 100)).isTrue();
  }

  @Test
  void afterAPauseTheBucketIsFullAndNotFuller() {
    assertThat(take(1, 0)).isTrue();
    for (int i = 0; i < 10; i++) {
      assertThat(take(1, 3_600_000)).isTrue();
    }
    assertThat(take(1, 3_600_000)).isFalse();
  }

  @Test
  void aBatchMayOverdrawAndIsPaidBackBeforeTheNext() {
    assertThat(throttle.take(1, 25, 0).granted()).isTrue();
    Taken next = throttle.take(1, 1, 0);
    assertThat(next.granted()).isFalse();
    assertThat(next.retrySeconds()).isEqualTo(2);
    assertThat(take(1, 1_599)).isFalse();
    assertThat(take(1, 1_600)).isTrue();
  }

  @Test
  void itWorksWhenTheClockOfTheMachineGoesRound() {
    long nearEnd = Long.MAX_VALUE - 50 * MILLI;
    for (int i = 0; i < 10; i++) {
      assertThat(throttle.take(1, 1, nearEnd).granted()).isTrue();
    }
    assertThat(throttle.take(1, 1, nearEnd).granted()).isFalse();
    assertThat(throttle.take(1, 1, nearEnd + 100 * MILLI).granted()).isTrue();
  }

  @Test
  void zeroIsOff() {
    assertThat(new Throttle(0).isOn()).isFalse();
  }
}
