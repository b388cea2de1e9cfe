package dev.posthaste.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs initdb and pg_ctl, also for root, which PostgreSQL itself refuses. */
final class PostgresPrograms {
  /**
   * What a program said.
   *
   * @param status 0 when all went well
   * @param output both streams
   */
  record Result(int status, String output) {
    boolean ok() {
      return status == 0;
    }
  }

  private static final List<String> AS_NOBODY = List.of("unshare", "-U");

  private final Path bin;
  private final List<String> prefix;

  /** For the programs of an unpacked PostgreSQL. */
  PostgresPrograms(Path home) throws IOException {
    this.bin = home.resolve("bin");
    this.prefix = isRoot() ? asNobody() : List.of();
  }

  /** Runs a program to its end. */
  Result run(String program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(bin.resolve(program).toString());
    command.addAll(arguments);
    return execute(command);
  }

  private static Result execute(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Neither somebody's PGDATA nor a translated message may get in between.
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
    environment.put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      return new Result(process.waitFor(), output.strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command + " was running", e);
    }
  }

  private static boolean isRoot() throws IOException {
    Path self = Path.of("/proc/self");
    return Files.exists(self)
        ? Integer.valueOf(0).equals(Files.getAttribute(self, "unix:uid"))
        : System.getProperty("user.name").equals("root");
  }

  /**
   * In a user namespace of its own, root is nobody for PostgreSQL and still the owner of the files.
   */
  private static List<String> asNobody() {
    try {
      List<String> probe = new ArrayList<>(AS_NOBODY);
      probe.addAll(List.of("id", "-un"));
      Result result = execute(probe);
      if (result.ok() && !result.output().equals("root")) {
        return AS_NOBODY;
      }
      throw rootRefused(result.output());
    } catch (IOException e) {
      throw rootRefused(e.getMessage());
    }
  }

  private static StartException rootRefused(String reason) {
    return new StartException(
        "PostgreSQL does not run as root, and `unshare -U` is not permitted here ("
            + reason
            + "): start Posthaste as an ordinary user, or allow user namespaces (sysctl"
            + " kernel.unprivileged_userns_clone=1, on Ubuntu"
            + " kernel.apparmor_restrict_unprivileged_userns=0), or set POSTHASTE_DATABASE_URL to"
            + " a PostgreSQL of your own");
  }
}
