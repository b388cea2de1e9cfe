package dev.posthaste.loadtest.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** The table for people and the file for programs. */
record Report(Map<Scenario, List<Result>> runs, Bed.Timing timing) {
  private static final int LABEL_WIDTH = 34;
  private static final int COLUMN_WIDTH = 12;

  String table() {
    StringBuilder out = new StringBuilder();
    out.append('\n');
    runs.keySet().forEach(s -> out.append("  %-9s %s%n".formatted(s.code(), s.title())));
    out.append('\n').append(pad("", LABEL_WIDTH));
    runs.keySet().forEach(s -> out.append(lead(s.code())));
    out.append("   target\n");
    for (Metric metric : Metric.values()) {
      if (runs.values().stream().anyMatch(all -> Result.median(all).has(metric))) {
        out.append(row(metric));
      }
    }
    out.append('\n');
    Comparison.of(runs).forEach(one -> out.append(one.line(runs)));
    return out.append(footer()).toString();
  }

  private String row(Metric metric) {
    StringBuilder row = new StringBuilder(pad(metric.label(), LABEL_WIDTH));
    runs.values().stream()
        .map(Result::median)
        .forEach(
            result -> row.append(lead(result.has(metric) ? metric.format(result.of(metric)) : "")));
    return row.append("   ").append(metric.target()).toString().stripTrailing() + "\n";
  }

  private String footer() {
    int repeats = runs.values().stream().mapToInt(List::size).max().orElse(0);
    return "%n%s a window of %d s after %d s of warm-up, on %d cores that everything shares.%n"
        .formatted(
            repeats > 1 ? "Medians of " + repeats + " runs:" : "One run:",
            timing.duration(),
            timing.warmup(),
            Runtime.getRuntime().availableProcessors());
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String lead(String text) {
    return " ".repeat(Math.max(1, COLUMN_WIDTH - text.length())) + text;
  }

  boolean anythingLost() {
    return runs.values().stream().anyMatch(all -> Result.median(all).of(Metric.LOST) > 0);
  }

  void write(Path file) throws IOException {
    JsonObject scenarios = new JsonObject();
    runs.forEach(
        (scenario, results) ->
            scenarios.put(
                scenario.code(),
                new JsonObject()
                    .put("title", scenario.title())
                    .put("median", Result.median(results).json())
                    .put("runs", new JsonArray(results.stream().map(Result::json).toList()))));
    JsonObject report =
        new JsonObject()
            .put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
            .put("cores", Runtime.getRuntime().availableProcessors())
            .put("java", System.getProperty("java.vm.version"))
            .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"))
            .put("warmupSeconds", timing.warmup())
            .put("windowSeconds", timing.duration())
            .put("scenarios", scenarios)
            .put(
                "comparisons",
                new JsonArray(Comparison.of(runs).stream().map(one -> one.json(runs)).toList()));
    Files.writeString(file, report.encodePrettily() + "\n");
  }
}
