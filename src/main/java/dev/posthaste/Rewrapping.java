package dev.posthaste;

import dev.posthaste.ops.LogSetup;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.EncryptionKey;
import dev.posthaste.settings.Settings;
import dev.posthaste.settings.SettingsException;
import dev.posthaste.settings.SettingsReader;
import dev.posthaste.store.DataFolder;
import dev.posthaste.store.Database;
import dev.posthaste.store.EmbeddedPostgres;
import dev.posthaste.store.Rewrap;
import dev.posthaste.store.Sealer;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code posthaste rewrap}: works on the database itself, beside nodes that run. */
@Command(
    name = "rewrap",
    description = {
      "Encrypt anew, under the first of encryption.keys, what is encrypted under the others.",
      "Afterwards the others can be removed. Nodes may run meanwhile; it may be run again."
    },
    mixinStandardHelpOptions = true)
final class Rewrapping implements Callable<Integer> {
  private static final int BAD_SETTINGS = 2;
  private static final int FAILED = 1;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The YAML file of the server's settings (or POSTHASTE_CONFIG).")
  private Path config;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    PrintWriter err = command.commandLine().getErr();
    try {
      Settings settings = SettingsReader.read(Optional.ofNullable(config), System.getenv());
      if (settings.encryption().keys().isEmpty()) {
        err.println(
            "encryption.keys is not set: put the new key first and the old ones behind it. The key"
                + " that the first start made is in encryption.key in the data folder.");
        return BAD_SETTINGS;
      }
      LogSetup.apply(settings.logging());
      Map<String, Long> counts = run(settings);
      String key = settings.encryption().keys().getFirst().id();
      PrintWriter out = command.commandLine().getOut();
      counts.forEach((column, count) -> out.println(column + ": " + count + " sealed anew"));
      out.println("Everything is sealed under the key '" + key + "' now.");
      return 0;
    } catch (SettingsException e) {
      err.println(e.getMessage());
      return BAD_SETTINGS;
    } catch (RuntimeException e) {
      // A key that is missing, or a database that is away; what was done stays done.
      err.println(e.getMessage());
      return FAILED;
    }
  }

  /**
   * Does it and waits.
   *
   * @return how many values of each column were sealed anew
   * @throws IllegalStateException with words for the operator
   */
  static Map<String, Long> run(Settings settings) {
    if (settings.database().url().isPresent()) {
      return run(settings, settings.database().url().get());
    }
    try (DataFolder folder = DataFolder.open(settings.data().dir())) {
      EmbeddedPostgres postgres = new EmbeddedPostgres(folder);
      try {
        return run(settings, postgres.start());
      } finally {
        postgres.stop();
      }
    }
  }

  private static Map<String, Long> run(Settings settings, DatabaseUrl url) {
    Map<String, byte[]> keys = new LinkedHashMap<>();
    for (EncryptionKey key : settings.encryption().keys()) {
      keys.put(key.id(), key.bytes());
    }
    Vertx vertx = Vertx.vertx();
    try {
      Database database = new Database(vertx, url, settings.database());
      return new Rewrap(database, new Sealer(keys)).run().eventually(database::close).await();
    } finally {
      vertx.close().await();
    }
  }
}
