package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Starts on a database that is there, over and over: a node that joins, and one with its own. */
final class StartRun {
  private static final int TIMES = 5;

  private final Cluster cluster;

  StartRun(Cluster cluster) {
    this.cluster = cluster;
  }

  Map<Scenario, List<Result>> run() throws IOException, InterruptedException {
    Map<Scenario, List<Result>> results = new EnumMap<>(Scenario.class);
    results.put(Scenario.JOIN, starts(cluster.joining("joining")));
    results.put(Scenario.START, starts(cluster.alone("alone")));
    return results;
  }

  /** The first one makes what the others find. */
  private static List<Result> starts(ServerProcess.Plan plan)
      throws IOException, InterruptedException {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i <= TIMES; i++) {
      try (ServerProcess server = ServerProcess.start(plan)) {
        if (i > 0) {
          results.add(
              new Result(
                  Map.of(
                      Metric.START,
                      server.startSeconds(),
                      Metric.RSS,
                      ProcFs.residentMebibytes(server.pid()))));
        }
      }
    }
    return results;
  }
}
