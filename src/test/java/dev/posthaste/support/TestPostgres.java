package dev.posthaste.support;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.DataFolder;
import dev.posthaste.store.EmbeddedPostgres;
import dev.posthaste.store.StartException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * The embedded PostgreSQL of a test run, under target/. Its folder is used again by the next run,
 * which saves making it and stops a server that a killed run left behind.
 */
public final class TestPostgres implements AutoCloseable {
  private static final int MAX_RUNS_AT_A_TIME = 16;

  private final DataFolder folder;
  private final EmbeddedPostgres postgres;
  private final DatabaseUrl url;

  public TestPostgres() {
    folder = openFree(1);
    postgres = new EmbeddedPostgres(folder);
    url = postgres.start();
  }

  private static DataFolder openFree(int number) {
    try {
      return DataFolder.open(Path.of("target", "test-postgres", Integer.toString(number)));
    } catch (StartException e) {
      if (number == MAX_RUNS_AT_A_TIME) {
        throw e;
      }
      return openFree(number + 1);
    }
  }

  /** An empty database of this name. */
  public DatabaseUrl create(String name) throws SQLException {
    // One of an earlier run may be in the way.
    Sql.execute(
        url, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name);
    return DatabaseUrl.local(url.port(), url.user(), url.password(), name);
  }

  @Override
  public void close() {
    postgres.stop();
    folder.close();
  }
}
