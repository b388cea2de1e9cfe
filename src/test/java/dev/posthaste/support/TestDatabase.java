package dev.posthaste.support;

import dev.posthaste.settings.DatabaseSettings;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.RetentionSettings;
import dev.posthaste.store.Database;
import dev.posthaste.store.Migrations;
import dev.posthaste.store.Partitions;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A migrated database with partitions for today, and a Vert.x to reach it with. */
public final class TestDatabase implements AutoCloseable {
  public static final DatabaseSettings SETTINGS =
      new DatabaseSettings(Optional.empty(), 8, Duration.ofSeconds(5), Duration.ofSeconds(30));

  private final DatabaseUrl url;
  private final Vertx vertx = TestVertx.create();
  private final Database database;

  public TestDatabase(DatabaseUrl url) {
    this(url, url);
  }

  /**
   * Reached by another way than it is made ready by.
   *
   * @param way for example through a proxy
   */
  public TestDatabase(DatabaseUrl url, DatabaseUrl way) {
    this.url = url;
    Migrations.run(Database.jdbcUrl(url), url.user(), url.password().reveal());
    this.database = new Database(vertx, way, SETTINGS);
    Await.value(
        new Partitions(database, new RetentionSettings(30, 1, 2), Clock.systemUTC()).maintain());
  }

  public Vertx vertx() {
    return vertx;
  }

  public Database database() {
    return database;
  }

  /** An event loop of its own. */
  public Loop loop() {
    return new Loop(vertx);
  }

  public DatabaseUrl url() {
    return url;
  }

  public void execute(String... statements) {
    try {
      Sql.execute(url, statements);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The first column of all rows. */
  public List<String> column(String sql) {
    try {
      return Sql.column(url, sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Forgets all events and what became of them, so that tests do not see each other's. */
  public void clear() {
    execute("TRUNCATE event, attempt, deferred, event_key, node");
  }

  /**
   * Whether sessions that begin from now on may only read. Those of the program are ended when that
   * begins, as by a failover; when it is over, whoever has one must find out.
   */
  public void readOnly(boolean on) {
    execute(
        "SET default_transaction_read_only = off",
        "ALTER DATABASE %s SET default_transaction_read_only = %s".formatted(url.database(), on));
    if (on) {
      endSessions();
    }
  }

  /** Those of the program. */
  public void endSessions() {
    column(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'posthaste' AND datname = current_database()");
  }

  @Override
  public void close() {
    Await.value(database.close());
    Await.value(vertx.close());
  }
}
