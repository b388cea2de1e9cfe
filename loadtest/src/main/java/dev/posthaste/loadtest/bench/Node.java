package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.ServerProcess;
import java.io.IOException;
import java.time.Duration;

/** A server, looked at from the side. */
record Node(ServerProcess.Plan plan, ServerProcess server, ManagementProbe management)
    implements AutoCloseable {

  private static final Duration END_WITHIN = Duration.ofMinutes(2);
  private static final long LOOK_MILLIS = 100;

  static Node start(ServerProcess.Plan plan) throws IOException, InterruptedException {
    ServerProcess server = ServerProcess.start(plan);
    try {
      return new Node(plan, server, ManagementProbe.of(server.pid()));
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Stops it by SIGTERM and waits until it is gone; what it has used in its whole life. */
  Usage end() throws IOException, InterruptedException {
    Usage last = usage();
    long deadline = System.nanoTime() + END_WITHIN.toNanos();
    server.terminate();
    while (!server.awaitEnd(LOOK_MILLIS)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("a node did not stop within " + END_WITHIN);
      }
      last = usageOr(last);
    }
    server.close();
    forget();
    return last;
  }

  /** Nobody is there any more to hear that we go. */
  private void forget() {
    try {
      management.close();
    } catch (IOException e) {
      // Which is as good.
    }
  }

  /** It may end just now. */
  private Usage usageOr(Usage before) {
    try {
      return usage();
    } catch (IOException e) {
      return before;
    }
  }

  /** Starts it again where it was, after its end. */
  Node again() throws IOException, InterruptedException {
    return start(plan.on(server.port()));
  }

  Usage usage() throws IOException {
    return new Usage(
        ProcFs.cpuMicros(server.pid()), management.allocatedBytes(), management.gcMillis());
  }

  @Override
  public void close() throws IOException {
    management.close();
    server.close();
  }
}
