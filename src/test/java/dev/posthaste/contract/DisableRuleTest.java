package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DisableRuleTest {
  private static final Duration LONG = Duration.ofDays(400);

  @Test
  void casedev_disables_at_the_fiftieth_failure_in_a_row_and_tells_the_others() {
    DisableRule rule = Samples.contract("casedev").disable();

    assertThat(rule.disables(49, LONG)).isFalse();
    assertThat(rule.disables(50, Duration.ZERO)).isTrue();
    assertThat(rule.announcement()).contains("webhook.endpoint.auto_disabled");
  }

  @Test
  void agentpost_disables_at_the_fiftieth_failure_in_a_row_silently() {
    DisableRule rule = Samples.contract("agentpost").disable();

    assertThat(rule.disables(49, LONG)).isFalse();
    assertThat(rule.disables(50, Duration.ZERO)).isTrue();
    assertThat(rule.announcement()).isEmpty();
  }

  @Test
  void standard_disables_after_five_days_without_success_however_many_failures() {
    DisableRule rule = Samples.contract("standard").disable();

    assertThat(rule.disables(1_000_000, Duration.ofDays(5).minusMillis(1))).isFalse();
    assertThat(rule.disables(1, Duration.ofDays(5))).isTrue();
    assertThat(rule.disables(0, LONG)).as("nothing failed").isFalse();
  }

  @Test
  void offload_never_disables() {
    assertThat(Samples.contract("offload").disable().disables(1_000_000, LONG)).isFalse();
  }
}
