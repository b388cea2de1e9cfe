package dev.posthaste.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TablesTest {
  private final Build base = new Build("base", Path.of("base.jar"), List.of());
  private final Build here = new Build("this", Path.of("this.jar"), List.of());

  @Test
  void oneBuildHasAColumnForEachScenario() {
    Results results = new Results(List.of(here));
    results.add(here, Scenario.MAX, cpu(30));
    results.add(here, Scenario.STEADY, cpu(40));

    assertThat(new Tables(results).wide().getFirst().markdown())
        .isEqualTo(
            """
            |  | max | steady | target |
            | --- | --: | --: | --- |
            | server CPU, µs/event | 30.0 | 40.0 | ≤ 35 (max) |
            """);
  }

  @Test
  void repeatsShowTheMedianAndTheLowestAndTheHighest() {
    Results results = new Results(List.of(here));
    List.of(30, 36, 31).forEach(cpu -> results.add(here, Scenario.MAX, cpu(cpu)));

    assertThat(new Tables(results).wide().getFirst().rows().getFirst())
        .contains("31.0 (30.0–36.0)");
  }

  @Test
  void twoBuildsAreComparedPairByPair() {
    Results results = new Results(List.of(base, here));
    List.of(10, 20, 40).forEach(cpu -> results.add(base, Scenario.MAX, cpu(cpu)));
    List.of(12, 30, 44).forEach(cpu -> results.add(here, Scenario.MAX, cpu(cpu)));
    Table table = new Tables(results).wide().getFirst();

    assertThat(table.heading()).containsExactly("max", "base", "this", "ratio", "target");
    assertThat(table.rows().getFirst())
        .containsExactly(
            "server CPU, µs/event", "20.0 (10.0–40.0)", "30.0 (12.0–44.0)", "1.20", "≤ 35 (max)");
  }

  @Test
  void whatOnlyOneBuildHasRunIsShownAll() {
    Results results = new Results(List.of(base, here));
    results.add(base, Scenario.MAX, cpu(10));

    assertThat(new Tables(results).wide().getFirst().rows().getFirst()).contains("10.0", "");
  }

  @Test
  void manyScenariosAreCutToTheWidthOfATerminal() {
    Results results = new Results(List.of(here));
    List.of(Scenario.values()).forEach(each -> results.add(here, each, cpu(1)));

    assertThat(new Tables(results).narrow())
        .allSatisfy(table -> assertThat(table.heading()).hasSizeLessThanOrEqualTo(8));
    assertThat(new Tables(results).wide()).hasSize(1);
  }

  @Test
  void numbersStandBelowEachOther() {
    Table table =
        new Table(
            List.of("", "max", "target"),
            List.of(List.of("a", "1", "≤ 2"), List.of("long", "1,000", "")));

    assertThat(table.text())
        .isEqualTo(
            """
                     max   target
            a          1   ≤ 2
            long   1,000
            """);
  }

  @Test
  void aLossInOneRunOfAnyBuildIsALoss() {
    Results results = new Results(List.of(base, here));
    results.add(base, Scenario.MAX, new Result(Map.of(Metric.LOST, 0.0)));
    results.add(here, Scenario.MAX, new Result(Map.of(Metric.LOST, 0.0)));
    assertThat(results.has(Metric.LOST)).isFalse();

    results.add(here, Scenario.MAX, new Result(Map.of(Metric.LOST, 1.0)));
    results.add(here, Scenario.MAX, new Result(Map.of(Metric.LOST, 0.0)));

    assertThat(results.has(Metric.LOST)).isTrue();
  }

  private static Result cpu(double micros) {
    return new Result(Map.of(Metric.SERVER_CPU, micros));
  }
}
