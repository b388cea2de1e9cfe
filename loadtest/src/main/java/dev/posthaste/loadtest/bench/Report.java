package dev.posthaste.loadtest.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The tables for people and the file for programs. */
record Report(Results results, Bed.Timing timing, Origin origin) {

  /** For the terminal. */
  String text() {
    StringBuilder out = new StringBuilder("\n");
    results.scenarios().forEach(s -> out.append("  %-10s %s%n".formatted(s.code(), s.title())));
    new Tables(results).narrow().forEach(table -> out.append('\n').append(table.text()));
    out.append('\n');
    comparisons().forEach(one -> out.append("  ").append(one.line(runs())).append('\n'));
    return out.append('\n').append(footer()).append('\n').toString();
  }

  /** For a page. */
  String markdown() {
    StringBuilder out = new StringBuilder();
    results.scenarios().forEach(s -> out.append("- `%s`: %s\n".formatted(s.code(), s.title())));
    new Tables(results).wide().forEach(table -> out.append('\n').append(table.markdown()));
    out.append('\n');
    comparisons().forEach(one -> out.append("- ").append(one.line(runs())).append('\n'));
    return out.append("\n%s\n\n%s\n\n`%s`\n".formatted(footer(), origin.line(), origin.command()))
        .toString();
  }

  /** Of the build that is here. */
  private Map<Scenario, List<Result>> runs() {
    return results.of(results.builds().getLast());
  }

  private List<Comparison> comparisons() {
    return Comparison.of(runs());
  }

  private String footer() {
    int repeats = runs().values().stream().mapToInt(List::size).max().orElse(0);
    String longer =
        results.scenarios().stream()
            .filter(scenario -> scenario.warmup(timing.warmup()) > timing.warmup())
            .map(s -> ", %s %d s".formatted(s.code(), s.warmup(timing.warmup())))
            .collect(Collectors.joining());
    return "%s a window of %d s after %d s of warm-up%s."
        .formatted(
            repeats > 1 ? "Medians of up to " + repeats + " runs (lowest–highest):" : "One run:",
            timing.duration(),
            timing.warmup(),
            longer);
  }

  /** Writes the file for programs. */
  void write(Path file) throws IOException {
    JsonObject builds = new JsonObject();
    results.builds().forEach(build -> builds.put(build.name(), json(build)));
    JsonObject report =
        origin
            .json()
            .put("warmupSeconds", timing.warmup())
            .put("windowSeconds", timing.duration())
            .put("builds", builds)
            .put(
                "comparisons",
                new JsonArray(comparisons().stream().map(one -> one.json(runs())).toList()));
    if (results.builds().size() > 1) {
      report.put("ratios", ratios());
    }
    Files.writeString(file, report.encodePrettily() + "\n");
  }

  private JsonObject json(Build build) {
    JsonObject scenarios = new JsonObject();
    results
        .of(build)
        .forEach(
            (scenario, all) ->
                scenarios.put(
                    scenario.code(),
                    new JsonObject()
                        .put("title", scenario.title())
                        .put("warmupSeconds", scenario.warmup(timing.warmup()))
                        .put("median", Result.median(all).json())
                        .put("runs", new JsonArray(all.stream().map(Result::json).toList()))));
    return new JsonObject()
        .put("program", build.program().name().toLowerCase(Locale.ROOT))
        .put("jar", build.jar().toString())
        .put("options", new JsonArray(build.options()))
        .put("scenarios", scenarios);
  }

  /** Of the second build against the first, pair by pair; the medians. */
  private JsonObject ratios() {
    JsonObject ratios = new JsonObject();
    for (Scenario scenario : results.scenarios()) {
      JsonObject ofScenario = new JsonObject();
      List<Result> before = results.of(results.builds().getFirst(), scenario);
      List<Result> after = results.of(results.builds().getLast(), scenario);
      for (Metric metric : Metric.values()) {
        if (Result.median(before).of(metric) > 0) {
          double ratio = Result.median(Comparison.ratios(metric, before, after));
          ofScenario.put(metric.code(), Math.round(ratio * 1_000) / 1_000.0);
        }
      }
      ratios.put(scenario.code(), ofScenario);
    }
    return ratios;
  }
}
