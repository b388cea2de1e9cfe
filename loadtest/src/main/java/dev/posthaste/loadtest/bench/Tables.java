package dev.posthaste.loadtest.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tables of a report: a row for each metric. Of one build there is a column for each scenario;
 * of two a table for each scenario, with both and the ratio, which is the median of those of the
 * pairs.
 */
final class Tables {
  private static final int MOST_COLUMNS = 6;
  private static final int MOST_WITH_SPREAD = 3;

  private final Results results;

  Tables(Results results) {
    this.results = results;
  }

  /** As wide as a terminal. */
  List<Table> narrow() {
    if (results.builds().size() > 1) {
      return compared();
    }
    int most = repeated() ? MOST_WITH_SPREAD : MOST_COLUMNS;
    List<Scenario> all = results.scenarios();
    List<Table> tables = new ArrayList<>();
    for (int i = 0; i < all.size(); i += most) {
      tables.add(table(all.subList(i, Math.min(all.size(), i + most))));
    }
    return tables;
  }

  /** As wide as need be. */
  List<Table> wide() {
    return results.builds().size() > 1 ? compared() : List.of(table(results.scenarios()));
  }

  private boolean repeated() {
    return results.scenarios().stream()
        .anyMatch(scenario -> results.of(results.builds().getFirst(), scenario).size() > 1);
  }

  private Table table(List<Scenario> scenarios) {
    Build build = results.builds().getFirst();
    List<List<String>> rows = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      List<String> cells =
          scenarios.stream().map(scenario -> cell(results.of(build, scenario), metric)).toList();
      addUnlessEmpty(rows, metric, cells);
    }
    return new Table(line("", scenarios.stream().map(Scenario::code).toList(), "target"), rows);
  }

  private List<Table> compared() {
    return results.scenarios().stream().map(this::compared).toList();
  }

  private Table compared(Scenario scenario) {
    Build base = results.builds().getFirst();
    Build other = results.builds().getLast();
    List<Result> before = results.of(base, scenario);
    List<Result> after = results.of(other, scenario);
    List<List<String>> rows = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      double ratio = Result.median(Comparison.ratios(metric, before, after));
      boolean tells = Result.median(before).of(metric) > 0 && !after.isEmpty();
      addUnlessEmpty(
          rows,
          metric,
          List.of(cell(before, metric), cell(after, metric), tells ? "%.2f".formatted(ratio) : ""));
    }
    return new Table(
        line(scenario.code(), List.of(base.name(), other.name(), "ratio"), "target"), rows);
  }

  private static void addUnlessEmpty(List<List<String>> rows, Metric metric, List<String> cells) {
    if (cells.stream().anyMatch(cell -> !cell.isEmpty())) {
      rows.add(line(metric.label(), cells, metric.target()));
    }
  }

  private static List<String> line(String first, List<String> cells, String last) {
    return Stream.of(List.of(first), cells, List.of(last)).flatMap(List::stream).toList();
  }

  /** The median, and from the lowest to the highest if there are several. */
  static String cell(List<Result> runs, Metric metric) {
    Result median = Result.median(runs);
    if (!median.has(metric)) {
      return "";
    }
    String value = metric.format(median.of(metric));
    return runs.size() == 1 ? value : value + " (" + Result.spread(runs, metric) + ")";
  }
}
