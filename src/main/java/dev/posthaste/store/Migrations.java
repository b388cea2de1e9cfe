package dev.posthaste.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the tables of a database to what this version needs. Blocks; for the start. */
public final class Migrations {
  private static final int OLDEST_SERVER = 14;

  private Migrations() {}

  /**
   * Runs what is missing; several nodes may do so at the same time.
   *
   * @throws StartException if the database cannot be reached, is too old, or a migration fails; the
   *     message says which and what to do
   */
  public static void run(String jdbcUrl, String user, String password) {
    checkServer(jdbcUrl, user, password);
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .loggers(FlywayVoice.class.getName())
          .dataSource(jdbcUrl, user, password)
          .locations("classpath:db/migration")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StartException(
          "the tables cannot be brought up to date; the database is as it was", e);
    }
  }

  private static void checkServer(String jdbcUrl, String user, String password) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl, user, password)) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST_SERVER) {
        throw new StartException(
            "PostgreSQL "
                + OLDEST_SERVER
                + " or later is needed, the server is "
                + connection.getMetaData().getDatabaseProductVersion());
      }
    } catch (SQLException e) {
      throw new StartException(
          "the database cannot be reached (is it running, and are address, user and password"
              + " right?)",
          e);
    }
  }
}
