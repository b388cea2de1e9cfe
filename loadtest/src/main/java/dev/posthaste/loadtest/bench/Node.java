package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.ServerProcess;
import java.io.IOException;

/** A server, looked at from the side. */
record Node(ServerProcess server, ManagementProbe management) implements AutoCloseable {

  static Node start(ServerProcess.Plan plan) throws IOException, InterruptedException {
    ServerProcess server = ServerProcess.start(plan);
    try {
      return new Node(server, ManagementProbe.of(server.pid()));
    } catch (IOException e) {
      server.close();
      throw e;
    }
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
