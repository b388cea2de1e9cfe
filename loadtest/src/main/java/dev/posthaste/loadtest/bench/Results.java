package dev.posthaste.loadtest.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the runs of each build brought, in the order in which they were made. */
final class Results {
  private final Map<Build, Map<Scenario, List<Result>>> all = new LinkedHashMap<>();

  /** Nothing yet, of builds in the order of the table. */
  Results(List<Build> builds) {
    builds.forEach(build -> all.put(build, new EnumMap<>(Scenario.class)));
  }

  void add(Build build, Scenario scenario, Result result) {
    all.get(build).computeIfAbsent(scenario, any -> new ArrayList<>()).add(result);
  }

  List<Build> builds() {
    return List.copyOf(all.keySet());
  }

  Map<Scenario, List<Result>> of(Build build) {
    return all.get(build);
  }

  List<Result> of(Build build, Scenario scenario) {
    return all.get(build).getOrDefault(scenario, List.of());
  }

  /** Those that ran, in the order of the table. */
  List<Scenario> scenarios() {
    return all.values().stream().flatMap(runs -> runs.keySet().stream()).distinct().toList();
  }

  /** Whether any run has what no run may have. */
  boolean has(Metric bad) {
    return all.values().stream()
        .flatMap(runs -> runs.values().stream())
        .anyMatch(runs -> Result.median(runs).of(bad) > 0);
  }
}
