package dev.posthaste.store;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own in the data folder, for whoever has none: durable, on 127.0.0.1 only,
 * behind a random password. Its data stays between starts.
 *
 * <p>The server is a daemon of its own session: neither Ctrl-C nor the death of this JVM stops it,
 * so that a stop can drain first. It ends with {@link #stop()}; one left behind by {@code kill -9}
 * is found and stopped by the next start. No shutdown hook is registered here.
 *
 * <p>Thread-safe. All methods block and belong on no event loop.
 */
public final class EmbeddedPostgres {
  static final String USER = "postgres";
  static final String PASSWORD_FILE = "postgres.password";

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String DATABASE = "posthaste";
  private static final int PASSWORD_BYTES = 24;

  private final DataFolder folder;
  private final Path binaries;
  private PostgresServer server;
  private DatabaseUrl url;

  /** Not started yet; unpacks its programs into the data folder. */
  public EmbeddedPostgres(DataFolder folder) {
    this(folder, folder.path().resolve("postgres-binaries"));
  }

  /** Not started yet, with a folder for the programs that several data folders may share. */
  EmbeddedPostgres(DataFolder folder, Path binaries) {
    this.folder = folder;
    this.binaries = binaries;
  }

  /**
   * Starts it and waits until it answers, also through the recovery after a crash (10 minutes at
   * most). Gives the same answer when it runs already.
   *
   * @return the database {@code posthaste}, made if it was not there
   * @throws StartException with what to do, if it cannot start or is not durable
   */
  public synchronized DatabaseUrl start() {
    if (url == null) {
      long begin = System.nanoTime();
      try {
        url = launch();
      } catch (IOException e) {
        stop();
        throw new StartException("Cannot start PostgreSQL in " + folder.path(), e);
      } catch (RuntimeException e) {
        stop();
        throw e;
      }
      long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
      LOG.info(
          "PostgreSQL is ready on port {} after {} ms, its data in {}",
          url.port(),
          millis,
          folder.path());
    }
    return url;
  }

  private DatabaseUrl launch() throws IOException {
    Path home = PostgresBinaries.unpack(binaries);
    PostgresServer starting = new PostgresServer(folder, new PostgresPrograms(home));
    if (starting.isInitialised() && folder.read(PASSWORD_FILE).isEmpty()) {
      throw new StartException(
          folder.path().resolve(PASSWORD_FILE)
              + " is missing: bring back the file that belongs to the data");
    }
    Secret password = new Secret(folder.readOrCreate(PASSWORD_FILE, EmbeddedPostgres::password));
    starting.initialise(folder.path().resolve(PASSWORD_FILE));
    int port = starting.start();
    server = starting;
    DatabaseUrl ready = DatabaseUrl.local(port, USER, password, DATABASE);
    ReadyCheck.run(ready);
    if (home.startsWith(folder.path())) {
      // Nobody else uses them, and a server of an older build has been stopped by now.
      PostgresBinaries.keepOnly(home);
    }
    return ready;
  }

  private static String password() {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** Stops it: clients are cut off, everything is written. Idempotent, fine when not started. */
  public synchronized void stop() {
    url = null;
    if (server == null) {
      return;
    }
    PostgresServer stopping = server;
    server = null;
    try {
      stopping.stop();
      LOG.info("PostgreSQL has stopped");
    } catch (IOException | StartException e) {
      LOG.warn("PostgreSQL was not stopped, the next start will do it: {}", e.toString());
    }
  }
}
