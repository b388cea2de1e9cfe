package dev.posthaste.loadtest.server;

import dev.posthaste.loadtest.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The packaged server, or what it is compared with, on a free port, with a data folder and its log
 * beside it.
 */
public final class ServerProcess implements AutoCloseable {
  /** The operator key of every server started here: it lives only as long as the run. */
  public static final String KEY = "loadtest-operator-key-0123456789abcdef";

  private static final String PORT = "POSTHASTE_HTTP_PORT";
  private static final Duration UP_WITHIN = Duration.ofMinutes(2);
  private static final long STOP_SECONDS = 60;
  private static final long LOOK_MILLIS = 10;
  private static final int LOOK_TIMEOUT_MILLIS = 2_000;
  private static final String READY =
      "GET /health/ready HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";

  private final Process process;
  private final Path folder;
  private final int port;
  private final Thread atExit;
  private final long startedNanos = System.nanoTime();
  private double startSeconds;

  private ServerProcess(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
    this.atExit = new Thread(this::end, "stop server");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** What can be started. */
  public enum Program {
    POSTHASTE,
    /** The least that a dispatcher can do, to compare with; needs a database. */
    BARE;

    private List<String> arguments(Path jar) {
      return this == BARE
          ? List.of(
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              Main.class.getName(),
              "bare")
          : List.of("-jar", jar.toAbsolutePath().toString(), "serve");
    }
  }

  /**
   * What to start.
   *
   * @param jar of Posthaste, which also has the PostgreSQL
   * @param folder gets {@code data/}, unless it has it, and {@code server.log}
   * @param options for the JVM
   * @param environment settings on top of those for local receivers
   */
  public record Plan(
      Program program,
      Path jar,
      Path folder,
      List<String> options,
      Map<String, String> environment) {
    /** Posthaste itself. */
    public Plan(Path jar, Path folder, List<String> options, Map<String, String> environment) {
      this(Program.POSTHASTE, jar, folder, options, environment);
    }

    /** The same on a port that is known. */
    public Plan on(int port) {
      Map<String, String> more = new HashMap<>(environment);
      more.put(PORT, String.valueOf(port));
      return new Plan(program, jar, folder, options, more);
    }

    /** The same elsewhere, with other settings. */
    public Plan at(Path otherFolder, Map<String, String> otherEnvironment) {
      return new Plan(program, jar, otherFolder, options, otherEnvironment);
    }

    private int port() throws IOException {
      return environment.containsKey(PORT) ? Integer.parseInt(environment.get(PORT)) : freePort();
    }
  }

  /** Starts it and waits until it is ready. */
  public static ServerProcess start(Plan plan) throws IOException, InterruptedException {
    Files.createDirectories(plan.folder());
    int port = plan.port();
    List<String> command = new ArrayList<>(List.of(ChildProcess.java()));
    command.addAll(plan.options());
    command.addAll(plan.program().arguments(plan.jar()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(
        ProcessBuilder.Redirect.appendTo(plan.folder().resolve("server.log").toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("POSTHASTE_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "POSTHASTE_HTTP_HOST",
                "127.0.0.1",
                PORT,
                String.valueOf(port),
                "POSTHASTE_DATA_DIR",
                plan.folder().resolve("data").toAbsolutePath().toString(),
                "POSTHASTE_OPERATOR_KEY",
                KEY,
                "POSTHASTE_TARGETS_ALLOW",
                "127.0.0.0/8",
                "POSTHASTE_TARGETS_HTTP",
                "true",
                // Ten thousand endpoints are made, and deleted, in one go.
                "POSTHASTE_API_REQUESTS_PER_SECOND",
                "0"));
    builder.environment().putAll(plan.environment());
    ServerProcess server = new ServerProcess(builder.start(), plan.folder(), port);
    server.awaitReady();
    return server;
  }

  private void awaitReady() throws InterruptedException, IOException {
    long deadline = System.nanoTime() + UP_WITHIN.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IOException("the server did not come up: see " + folder.resolve("server.log"));
      }
      Thread.sleep(LOOK_MILLIS);
    }
    startSeconds = (System.nanoTime() - startedNanos) / 1e9;
  }

  /** By hand: a client that takes as long as the look would show in the time of the start. */
  private boolean isReady() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(LOOK_TIMEOUT_MILLIS);
      socket.getOutputStream().write(READY.getBytes(StandardCharsets.US_ASCII));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return new String(status, StandardCharsets.US_ASCII).endsWith(" 200");
    } catch (IOException e) {
      return false;
    }
  }

  /** From the start of the process until it was ready. */
  public double startSeconds() {
    return startSeconds;
  }

  /** A port that was free a moment ago. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** The first of several ports in a row that were free a moment ago. */
  public static int freePorts(int count) throws IOException {
    int first = freePort();
    for (int i = 1; i < count; i++) {
      try (ServerSocket socket = new ServerSocket(first + i)) {
        socket.setReuseAddress(true);
      } catch (IOException e) {
        return freePorts(count);
      }
    }
    return first;
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  public Path dataFolder() {
    return folder.resolve("data");
  }

  /** Asks it to stop, by SIGTERM; returns at once. */
  public void terminate() {
    process.destroy();
  }

  /** Waits for its end; says whether it came in time. */
  public boolean awaitEnd(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Stops it in order, so that its PostgreSQL ends too. */
  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void end() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
