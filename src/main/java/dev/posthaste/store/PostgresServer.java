package dev.posthaste.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes, starts and stops one PostgreSQL on one data directory. Not thread-safe. */
final class PostgresServer {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);

  /** Crash recovery reads at most max_wal_size, which even a slow disk does in this time. */
  private static final String START_SECONDS = "600";

  private static final String FAST_STOP_SECONDS = "60";
  private static final String IMMEDIATE_STOP_SECONDS = "30";
  private static final Duration RETRY_PAUSE = Duration.ofMillis(500);
  private static final int MAX_TRIES = 60;
  private static final String DRAFT = "postgres.new-";

  /** A port taken meanwhile, a server of a killed start that comes up late, backends that end. */
  private static final Pattern PASSES_BY_ITSELF =
      Pattern.compile(
          "could not bind|could not create any TCP/IP sockets|lock file .* already exists"
              + "|shared memory block .* still in use");

  private final DataFolder folder;
  private final PostgresPrograms programs;
  private final Path data;
  private final Path log;

  PostgresServer(DataFolder folder, PostgresPrograms programs) {
    this.folder = folder;
    this.programs = programs;
    this.data = folder.path().resolve("postgres");
    this.log = folder.path().resolve("postgres.log");
  }

  /** Whether there is a data directory. It is there as a whole or not at all. */
  boolean isInitialised() {
    return Files.exists(data.resolve("PG_VERSION"));
  }

  /** Makes the data directory, with the password set from the first moment, unless it is there. */
  void initialise(Path passwordFile) throws IOException {
    if (isInitialised()) {
      return;
    }
    LOG.info("Making a database in {}", data);
    // A draft of its own: the initdb of a start that was killed may still write to another.
    deleteDrafts();
    Path draft = folder.path().resolve(DRAFT + ProcessHandle.current().pid());
    PostgresPrograms.Result result =
        programs.run(
            "initdb",
            List.of(
                "--pgdata=" + draft,
                "--username=" + EmbeddedPostgres.USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C"));
    if (!result.ok()) {
      throw new StartException("Cannot make a database in " + data + ": " + result.output());
    }
    folder.move(draft, data);
  }

  private void deleteDrafts() {
    try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder.path(), DRAFT + "*")) {
      for (Path draft : drafts) {
        PostgresBinaries.delete(draft);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("Leftovers stay until the next first start: {}", e.toString());
    }
  }

  /** Starts it, after it stopped one that outlived its JVM. Returns the port. */
  int start() throws IOException {
    if (Files.exists(log)) {
      Files.move(log, log.resolveSibling("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    for (int attempt = 1; ; attempt++) {
      stopLeftover();
      int port = freePort();
      long logged = Files.exists(log) ? Files.size(log) : 0;
      PostgresPrograms.Result result = programs.run("pg_ctl", startArguments(port));
      if (result.ok()) {
        return port;
      }
      String reason = result.output() + "\n" + logFrom(logged);
      if (attempt == MAX_TRIES || !PASSES_BY_ITSELF.matcher(reason).find()) {
        throw new StartException(
            "The embedded PostgreSQL does not start, see " + log + ": " + reason);
      }
      pause();
    }
  }

  private List<String> startArguments(int port) {
    return List.of(
        "start",
        "--wait",
        "--timeout=" + START_SECONDS,
        "--pgdata=" + data,
        "--log=" + log,
        "--options=" + ServerOptions.commandLine(port));
  }

  private void stopLeftover() throws IOException {
    PostmasterFile postmaster = new PostmasterFile(data);
    Optional<ProcessHandle> leftover = postmaster.server();
    if (leftover.isPresent()) {
      LOG.info("Stopping PostgreSQL {}, which outlived its server", leftover.get().pid());
      stop();
    } else {
      postmaster.disarm();
    }
  }

  /** Stops it: fast (clients are cut off, all is written), and if that hangs at once. */
  void stop() throws IOException {
    PostgresPrograms.Result fast = stop("fast", FAST_STOP_SECONDS);
    if (fast.ok() || !isRunning()) {
      return;
    }
    LOG.warn("PostgreSQL does not stop ({}): stopping it at once", fast.output());
    PostgresPrograms.Result immediate = stop("immediate", IMMEDIATE_STOP_SECONDS);
    if (!immediate.ok() && isRunning()) {
      throw new StartException("PostgreSQL on " + data + " does not stop: " + immediate.output());
    }
  }

  private PostgresPrograms.Result stop(String mode, String seconds) throws IOException {
    return programs.run(
        "pg_ctl",
        List.of("stop", "--wait", "--mode=" + mode, "--timeout=" + seconds, "--pgdata=" + data));
  }

  private boolean isRunning() throws IOException {
    return new PostmasterFile(data).server().isPresent();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String logFrom(long offset) throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    byte[] all = Files.readAllBytes(log);
    int from = (int) Math.min(offset, all.length);
    return new String(all, from, all.length - from, UTF_8).strip();
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(RETRY_PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while PostgreSQL was starting", e);
    }
  }
}
