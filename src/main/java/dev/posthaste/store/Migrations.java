package dev.posthaste.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the tables of a database to what this version needs. Blocks; for the start. */
public final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
  private static final int OLDEST_SERVER = 14;

  /** A lock that was not free in time, and a deadlock. */
  private static final Set<String> LOCKED_OUT = Set.of("55P03", "40P01");

  /** The oldest transaction that holds a lock on one of our tables. */
  private static final String IN_THE_WAY =
      """
      SELECT concat_ws(', ', 'pid ' || pid, usename, application_name, state,
        'open for ' || date_trunc('second', now() - xact_start))
      FROM pg_stat_activity a
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND EXISTS (
        SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
        WHERE l.pid = a.pid AND l.granted AND c.relnamespace = current_schema()::regnamespace)
      ORDER BY xact_start LIMIT 1
      """;

  private Migrations() {}

  /**
   * How it waits for a table that somebody uses. While it waits, everybody who comes later waits
   * behind it: so it does so for a short while only, lets them through, and tries again.
   */
  record Patience(Duration lock, int attempts, Duration pause) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(5), 12, Duration.ofSeconds(5));
  }

  /** Where it works. */
  private record Server(String jdbcUrl, String user, String password) {
    Connection connect() throws SQLException {
      return DriverManager.getConnection(jdbcUrl, user, password);
    }
  }

  /**
   * Runs what is missing; several nodes may do so at the same time.
   *
   * @throws StartException if the database cannot be reached, is too old, or a migration fails; the
   *     message says which and what to do
   */
  public static void run(String jdbcUrl, String user, String password) {
    run(jdbcUrl, user, password, Patience.USUAL);
  }

  static void run(String jdbcUrl, String user, String password, Patience patience) {
    Server server = new Server(jdbcUrl, user, password);
    checkServer(server);
    Flyway flyway =
        Flyway.configure(Migrations.class.getClassLoader())
            .loggers(FlywayVoice.class.getName())
            .dataSource(jdbcUrl, user, password)
            .initSql("SET lock_timeout = " + patience.lock.toMillis())
            .locations("classpath:db/migration")
            .load();
    for (int attempt = 1; !migrates(flyway, server, attempt == patience.attempts); attempt++) {
      pause(patience.pause);
    }
  }

  /** Whether that was all, and not a table in use that another attempt may find free. */
  private static boolean migrates(Flyway flyway, Server server, boolean last) {
    try {
      flyway.migrate();
      return true;
    } catch (FlywayException e) {
      if (!waited(e)) {
        throw new StartException(
            "the tables cannot be brought up to date; the database is as it was", e);
      }
      String holder = inTheWay(server);
      if (last) {
        throw new StartException(
            "the tables cannot be brought up to date while a transaction uses them ("
                + holder
                + "); let it end, or end it with pg_terminate_backend(pid), and start again",
            e);
      }
      LOG.atWarn()
          .addKeyValue("waitsFor", holder)
          .log("The tables cannot be brought up to date before a transaction ends; trying again");
      return false;
    }
  }

  private static boolean waited(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException told && LOCKED_OUT.contains(told.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  private static String inTheWay(Server server) {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(IN_THE_WAY)) {
      return rows.next() ? rows.getString(1) : "nobody any more";
    } catch (SQLException e) {
      return "unknown: " + e.getMessage();
    }
  }

  private static void pause(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("stopped while the tables were brought up to date", e);
    }
  }

  private static void checkServer(Server server) {
    try (Connection connection = server.connect()) {
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
