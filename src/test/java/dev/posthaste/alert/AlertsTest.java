package dev.posthaste.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AlertsTest {
  @Test
  void aBacklogIsLookedForAsOftenAsItMattersWithinBounds() {
    assertThat(Alerts.backlogPause(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(10));
    assertThat(Alerts.backlogPause(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
    assertThat(Alerts.backlogPause(Duration.ofMinutes(5))).isEqualTo(Duration.ofMinutes(1));
  }
}
