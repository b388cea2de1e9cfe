package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.ChildProcess;
import dev.posthaste.loadtest.wire.WallClock;
import java.io.IOException;
import java.sql.SQLException;

/** Counters that only go up, at one moment. */
record Snapshot(
    long atMicros,
    Usage server,
    long postgresCpu,
    long receiverCpu,
    long generatorCpu,
    long idle,
    long walBytes,
    long commits,
    ReceiverClient.Handshakes handshakes) {

  static Snapshot take(Bed bed, ChildProcess generator)
      throws IOException, SQLException, InterruptedException {
    return new Snapshot(
        WallClock.micros(),
        bed.cluster().usage(),
        bed.postgres().cpuMicros(),
        ProcFs.cpuMicros(bed.receiver().pid()),
        ProcFs.cpuMicros(generator.pid()),
        ProcFs.idleMicros(),
        bed.postgres().walBytes(),
        bed.postgres().commits(),
        bed.arrivals().handshakes());
  }

  /** Of all that belongs to the run. */
  long cpu() {
    return server.cpuMicros() + postgresCpu + receiverCpu + generatorCpu;
  }
}
