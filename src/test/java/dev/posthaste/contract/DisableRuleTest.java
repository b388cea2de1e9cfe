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

  @Test
  void progress_goes_by_failures_or_by_time_and_ends_when_the_rule_disables() {
    DisableRule byCount = Samples.contract("casedev").disable();
    assertThat(byCount.progressPercent(25, Duration.ZERO)).hasValue(50);
    assertThat(byCount.progressPercent(49, LONG)).hasValue(98);
    assertThat(byCount.progressPercent(50, Duration.ZERO)).hasValue(100);
    assertThat(byCount.progressPercent(5_000, Duration.ZERO)).hasValue(100);

    DisableRule byTime = Samples.contract("standard").disable();
    assertThat(byTime.progressPercent(1, Duration.ofHours(60))).hasValue(50);
    assertThat(byTime.progressPercent(0, LONG)).as("nothing has failed for good").hasValue(99);
    assertThat(byTime.progressPercent(1, LONG)).hasValue(100);

    assertThat(Samples.contract("offload").disable().progressPercent(1_000, LONG)).isEmpty();
  }
}
