package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.Api;
import dev.posthaste.loadtest.server.ChildProcess;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** What stays the same over the runs on one server. */
record Bed(
    Cluster cluster,
    ChildProcess receiver,
    ReceiverClient arrivals,
    Api api,
    Timing timing,
    Wishes wishes) {

  /** Seconds. */
  record Timing(int warmup, int duration, int drain) {
    long drainNanos() {
      return drain * 1_000_000_000L;
    }
  }

  /**
   * What was asked for on the command line.
   *
   * @param connections of the generator, instead of those of the scenario
   * @param rate events a second of the scenarios with a disturbance, instead of their own
   * @param nodes of rolling
   * @param rows of the backlog
   * @param history attempts in the log of old
   */
  record Wishes(
      Optional<Integer> connections, Optional<Double> rate, int nodes, int rows, long history) {}

  PostgresProbe postgres() {
    return cluster.postgres();
  }

  Snapshot snapshot(GeneratorRun generator) throws IOException, SQLException, InterruptedException {
    return Snapshot.take(this, generator.process());
  }
}
