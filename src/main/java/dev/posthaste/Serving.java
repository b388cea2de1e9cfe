package dev.posthaste;

import dev.posthaste.ops.LogSetup;
import dev.posthaste.settings.Settings;
import dev.posthaste.settings.SettingsException;
import dev.posthaste.settings.SettingsReader;
import dev.posthaste.store.StartException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The serve command: from settings to a server that stops in order. */
final class Serving {
  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
  private static final int BAD_SETTINGS = 2;
  private static final int CANNOT_START = 1;

  private Serving() {}

  /** Returns once the server is up, with 0; or with an exit code when it cannot come up. */
  static int start(Optional<Path> config) {
    Settings settings;
    try {
      settings = SettingsReader.read(config, System.getenv());
    } catch (SettingsException e) {
      complain(e.getMessage());
      return BAD_SETTINGS;
    }
    LogSetup.apply(settings.logging());
    Server server = new Server(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    try {
      server.start();
      return 0;
    } catch (StartException e) {
      complain(e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("The start failed", e);
    }
    // Event loops of a half-made server would keep the process alive.
    System.exit(CANNOT_START);
    return CANNOT_START;
  }

  /** A stop that was asked for is a success: Java itself would end with 143. */
  private static void stop(Server server) {
    server.stop();
    if (server.hasBeenUp()) {
      Runtime.getRuntime().halt(0);
    }
  }

  @SuppressWarnings("SystemOut")
  private static void complain(String message) {
    System.err.println(message);
  }
}
