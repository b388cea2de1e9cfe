package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.ServerProcess;
import java.nio.file.Path;
import java.util.List;

/**
 * A server that is measured.
 *
 * @param name as the table shows it
 * @param program what is started
 * @param jar Posthaste; another program takes only the PostgreSQL from it
 * @param options for its JVM
 */
record Build(String name, ServerProcess.Program program, Path jar, List<String> options) {
  /** Posthaste itself. */
  Build(String name, Path jar, List<String> options) {
    this(name, ServerProcess.Program.POSTHASTE, jar, options);
  }

  /** The least that a dispatcher can do, with the PostgreSQL of this one. */
  Build bare(List<String> itsOptions) {
    return new Build("bare", ServerProcess.Program.BARE, jar, itsOptions);
  }

  boolean isBare() {
    return program == ServerProcess.Program.BARE;
  }
}
