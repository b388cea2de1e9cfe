package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.ChildProcess;
import dev.posthaste.loadtest.server.Postgres;
import dev.posthaste.loadtest.server.Programs;
import dev.posthaste.loadtest.server.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One node: a process on a port of its own that can be killed, paused and started. Thread-safe. */
final class Node {
  private static final long STOP_SECONDS = 60;
  private static final String UP = "Posthaste is up";

  private final int number;
  private final Path jar;
  private final Path log;
  private final Map<String, String> environment;
  private final Line line;
  private final int port = ServerProcess.freePort();
  private Process process;
  private boolean wanted;
  private long logged;

  /**
   * Nothing runs yet.
   *
   * @param line to PostgreSQL
   */
  Node(int number, Path jar, Path folder, Map<String, String> settings, Line line)
      throws IOException {
    this.number = number;
    this.jar = jar;
    this.line = line;
    Path own = Files.createDirectories(folder.resolve("node-" + number));
    this.log = own.resolve("server.log");
    this.environment = new HashMap<>(settings);
    environment.put("POSTHASTE_HTTP_HOST", "127.0.0.1");
    environment.put("POSTHASTE_HTTP_PORT", String.valueOf(port));
    environment.put("POSTHASTE_DATA_DIR", own.resolve("data").toString());
    environment.put("POSTHASTE_DATABASE_URL", Postgres.url(line.port()));
  }

  int number() {
    return number;
  }

  int port() {
    return port;
  }

  Line line() {
    return line;
  }

  /** Starts it, with more in its environment; returns at once. */
  synchronized void start(Map<String, String> more) throws IOException {
    List<String> command = new ArrayList<>(List.of(ChildProcess.java()));
    // Options that start fast and leave room for the others.
    command.addAll(
        List.of("-Xms64m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar"));
    command.add(jar.toAbsolutePath().toString());
    command.add("serve");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())));
    builder.environment().keySet().removeIf(name -> name.startsWith("POSTHASTE_"));
    builder.environment().putAll(environment);
    builder.environment().putAll(more);
    logged = Files.exists(log) ? Files.size(log) : 0;
    process = builder.start();
    wanted = true;
  }

  void start() throws IOException {
    start(Map.of());
  }

  /** {@code kill -9}. */
  synchronized void kill() throws IOException {
    wanted = false;
    if (process != null) {
      process.destroyForcibly();
      awaitEnd();
    }
  }

  /** SIGTERM; waits for the end. False: it had to be killed. */
  synchronized boolean terminate() throws IOException {
    wanted = false;
    process.destroy();
    if (awaitEnd()) {
      return true;
    }
    process.destroyForcibly();
    awaitEnd();
    return false;
  }

  private boolean awaitEnd() throws IOException {
    try {
      return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Lets it stand still, or go on. */
  synchronized void pause(boolean still) throws IOException {
    Programs.signal(still ? "STOP" : "CONT", process.pid());
  }

  /** It ended though nobody ended it. */
  synchronized boolean diedByItself() {
    return wanted && !process.isAlive();
  }

  Path log() {
    return log;
  }

  /** Whether it had come up since its last start, as its log tells. */
  synchronized boolean wasUp() throws IOException {
    try (FileChannel file = FileChannel.open(log)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) (file.size() - logged));
      file.read(bytes, logged);
      return new String(bytes.array(), StandardCharsets.UTF_8).contains(UP);
    }
  }
}
