package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LaneLimitsTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aLaneWaitsForTheTableForLongerThanALookThereMayBeAway() {
    assertThat(LaneLimits.forsakenNanos(Duration.ofMillis(50))).isEqualTo(2 * SECOND);
    assertThat(LaneLimits.forsakenNanos(Duration.ofSeconds(5))).isEqualTo(15 * SECOND);
  }
}
