package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.Api;
import dev.posthaste.loadtest.server.ChildProcess;
import dev.posthaste.loadtest.server.ServerProcess;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** What stays the same over the runs on one server. */
record Bed(
    ServerProcess server,
    PostgresProbe postgres,
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
   * @param rate events a second of the scenarios with a disturbance
   * @param rows of the backlog
   */
  record Wishes(Optional<Integer> connections, double rate, int rows) {}

  Snapshot snapshot(GeneratorRun generator) throws IOException, SQLException {
    return Snapshot.take(new Snapshot.Subjects(server, postgres, receiver, generator.process()));
  }
}
