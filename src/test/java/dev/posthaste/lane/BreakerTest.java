package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakerTest {
  private final Breaker breaker = new Breaker(new Breaker.Rules(3, 10, 60));

  @Test
  void opensAfterFailuresInARow() {
    assertThat(breaker.failed(0, 0, false)).isFalse();
    assertThat(breaker.failed(0, 0, false)).isFalse();
    breaker.succeeded();
    assertThat(breaker.failed(0, 0, false)).isFalse();
    assertThat(breaker.failed(0, 0, false)).isFalse();
    assertThat(breaker.admits(0)).isTrue();
    assertThat(breaker.failed(0, 0, false)).isTrue();
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.admits(0)).isFalse();
  }

  @Test
  void letsOneProbeGoPerIntervalWhichDoublesUpToItsMost() {
    open();
    long now = 0;
    for (long interval : new long[] {10, 20, 40, 60, 60}) {
      assertThat(breaker.admits(now + interval - 1)).isFalse();
      now += interval;
      assertThat(breaker.admits(now)).isTrue();
      assertThat(breaker.started()).isTrue();
      assertThat(breaker.admits(now)).as("one at a time").isFalse();
      breaker.failed(now, 0, true);
    }
  }

  @Test
  void aGoodAnswerClosesItAndTheIntervalBeginsAnew() {
    open();
    breaker.started();
    breaker.failed(10, 0, true);
    breaker.started();
    assertThat(breaker.succeeded()).isTrue();
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.started()).isFalse();
    open();
    assertThat(breaker.probeAtNanos()).isEqualTo(10);
  }

  @Test
  void doesNotProbeBeforeTheEndpointWantsIt() {
    open();
    breaker.started();
    breaker.failed(10, 500, true);
    assertThat(breaker.admits(509)).isFalse();
    assertThat(breaker.admits(510)).isTrue();
  }

  @Test
  void whatWentOutBeforeItOpenedDoesNotCountAsAProbe() {
    open();
    breaker.failed(5, 0, false);
    assertThat(breaker.probeAtNanos()).isEqualTo(10);
  }

  @Test
  void aProbeThatTellsNothingIsRepeatedAfterTheSameTime() {
    open();
    breaker.started();
    breaker.probeLost(10);
    assertThat(breaker.admits(19)).isFalse();
    assertThat(breaker.admits(20)).isTrue();
  }

  private void open() {
    for (int i = 0; i < 3; i++) {
      breaker.failed(0, 0, false);
    }
  }
}
