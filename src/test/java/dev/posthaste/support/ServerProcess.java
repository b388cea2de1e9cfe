package dev.posthaste.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged program as its users run it: a process of its own that can be killed. */
public final class ServerProcess implements AutoCloseable {
  public static final String KEY = "operator-key-for-tests-0123456789abcdef";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Path folder;
  private final HeldPort held = new HeldPort();
  private final int port = held.number();
  private final Map<String, String> environment = new HashMap<>();
  private Process process;

  /**
   * Nothing runs yet.
   *
   * @param folder for its data and its log
   */
  public ServerProcess(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    environment.put("POSTHASTE_DATA_DIR", folder.resolve("data").toString());
    environment.put("POSTHASTE_HTTP_PORT", Integer.toString(port));
    environment.put("POSTHASTE_HTTP_HOST", "127.0.0.1");
    environment.put("POSTHASTE_OPERATOR_KEY", KEY);
    environment.put("POSTHASTE_TARGETS_ALLOW", "127.0.0.0/8");
    environment.put("POSTHASTE_TARGETS_HTTP", "true");
  }

  public ServerProcess with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Starts it and waits until it takes events. */
  public ServerProcess start() throws IOException {
    launch();
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !process.isAlive() || isReady());
    if (!process.isAlive()) {
      throw new IllegalStateException("the server did not start:\n" + log());
    }
    return this;
  }

  /** Starts it and returns at once. */
  public Process launch() throws IOException {
    ProcessBuilder builder =
        // Options that start fast: the crash tests start it dozens of times.
        new ProcessBuilder(
                java(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("posthaste.jar"),
                "serve")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("POSTHASTE_"));
    builder.environment().putAll(environment);
    process = builder.start();
    return process;
  }

  /** {@code kill -9}. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** {@code SIGTERM}; waits for the end. */
  public int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the server does not stop:\n" + log());
    }
    return process.exitValue();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  public int port() {
    return port;
  }

  public String log() {
    try {
      return Files.exists(logFile()) ? Files.readString(logFile()) : "";
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }

  private Path logFile() {
    return folder.resolve("server.log");
  }

  private boolean isReady() {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(uri("/health/ready")).timeout(Duration.ofSeconds(2)).build();
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String java() {
    return ProcessHandle.current().info().command().orElse("java");
  }

  /** Ends the server, and with it its PostgreSQL. */
  @Override
  public void close() {
    try {
      if (process != null && !process.isAlive()) {
        // A killed one leaves PostgreSQL behind; a clean run takes it down.
        start();
      }
      if (process != null) {
        terminate();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      held.close();
    }
  }
}
