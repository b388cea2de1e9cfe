package dev.posthaste.loadtest.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs programs to their end. */
public final class Programs {
  private Programs() {}

  /** What a program said; both streams. */
  public record Result(int status, String output) {
    public boolean ok() {
      return status == 0;
    }
  }

  public static Result run(String... command) throws IOException {
    return run(List.of(command));
  }

  public static Result run(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      return new Result(process.waitFor(), output.strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a program was running", e);
    }
  }

  /**
   * PostgreSQL refuses to run as root; in a user namespace of its own root is nobody, and still the
   * owner of the files.
   */
  static List<String> notAsRoot(List<String> command) throws IOException {
    if (!run("id", "-u").output().equals("0")) {
      return command;
    }
    List<String> wrapped = new ArrayList<>(List.of("unshare", "-U"));
    wrapped.addAll(command);
    return wrapped;
  }

  /** Sends a signal, such as STOP. */
  public static void signal(String name, long pid) throws IOException {
    run("kill", "-" + name, String.valueOf(pid));
  }
}
