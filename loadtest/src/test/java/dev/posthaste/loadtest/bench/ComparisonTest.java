package dev.posthaste.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  @Test
  void theMedianOfThePairsCounts() {
    Map<Scenario, List<Result>> runs =
        Map.of(
            Scenario.CALM, List.of(p99(10), p99(10), p99(100)),
            Scenario.HURT, List.of(p99(12), p99(500), p99(130)));
    Comparison one =
        Comparison.of(runs).stream()
            .filter(comparison -> comparison.metric() == Metric.ARRIVED_P99)
            .findFirst()
            .orElseThrow();

    assertThat(one.ratios(runs)).containsExactly(1.2, 50, 1.3);
    assertThat(one.json(runs).getDouble("median")).isEqualTo(1.3);
    assertThat(one.line(runs)).contains("hurt against calm").contains("1.30 times").contains("1.5");
  }

  @Test
  void whatDidNotRunIsNotCompared() {
    assertThat(Comparison.of(Map.of(Scenario.CALM, List.of(p99(1))))).isEmpty();
  }

  private static Result p99(double millis) {
    return new Result(Map.of(Metric.ARRIVED_P99, millis));
  }
}
