package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.ChildProcess;
import dev.posthaste.loadtest.server.ServerProcess;
import dev.posthaste.loadtest.wire.WallClock;
import java.io.IOException;
import java.sql.SQLException;

/** Counters that only go up, at one moment. */
record Snapshot(
    long atMicros,
    long serverCpu,
    long postgresCpu,
    long receiverCpu,
    long generatorCpu,
    long idle,
    long walBytes,
    long commits) {

  /** Who is looked at. */
  record Subjects(
      ServerProcess server,
      PostgresProbe postgres,
      ChildProcess receiver,
      ChildProcess generator) {}

  static Snapshot take(Subjects subjects) throws IOException, SQLException {
    return new Snapshot(
        WallClock.micros(),
        ProcFs.cpuMicros(subjects.server().pid()),
        subjects.postgres().cpuMicros(),
        ProcFs.cpuMicros(subjects.receiver().pid()),
        ProcFs.cpuMicros(subjects.generator().pid()),
        ProcFs.idleMicros(),
        subjects.postgres().walBytes(),
        subjects.postgres().commits());
  }

  /** Of all that belongs to the run. */
  long cpu() {
    return serverCpu + postgresCpu + receiverCpu + generatorCpu;
  }
}
