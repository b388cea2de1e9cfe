package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.Migrations.Patience;
import dev.posthaste.support.CutableProxy;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Sql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class MigrationsTest {
  private static final Duration BRIEF = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final String PUT_AT =
      "SELECT 1 FROM pg_attribute WHERE attrelid = 'deferred'::regclass AND attname = 'put_at'";

  @Test
  void makesTheTablesAndDoesNothingTheSecondTime(@PerTest DatabaseUrl url) throws SQLException {
    Migrations.run(jdbc(url), url.user(), url.password().reveal());
    Migrations.run(jdbc(url), url.user(), url.password().reveal());
    assertThat(Sql.column(url, "SELECT to_regclass('event')::text")).containsExactly("event");
  }

  /** Or no database that has it would let a later version start. */
  @Test
  void aMigrationIsNeverChanged(@PerTest DatabaseUrl url) throws SQLException {
    Migrations.run(jdbc(url), url.user(), url.password().reveal());
    assertThat(
            Sql.column(
                url,
                "SELECT version || ' ' || checksum FROM flyway_schema_history ORDER BY version::int"))
        .containsExactly(
            "1 -2104706205",
            "2 1762302614",
            "3 -1621196791",
            "4 -1705001612",
            "5 -2025037262",
            "6 -240750618",
            "7 1384054621",
            "8 -1929660708",
            "9 -313182437");
  }

  @Test
  void aServerThatLetsNobodyInIsNotWaitedForWithoutEnd(@PerTest DatabaseUrl url)
      throws IOException {
    try (CutableProxy proxy = new CutableProxy(url.port())) {
      proxy.holdUp();
      DatabaseUrl way = DatabaseUrl.local(proxy.port(), url.user(), url.password(), url.database());
      assertThatThrownBy(
              () -> Migrations.run(Database.jdbcUrl(way), url.user(), url.password().reveal()))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("cannot be reached");
    }
  }

  @Test
  void saysThatTheDatabaseCannotBeReached() {
    assertThatThrownBy(() -> Migrations.run("jdbc:postgresql://127.0.0.1:1/x", "u", "secret-word"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("cannot be reached")
        .hasMessageNotContaining("secret-word");
  }

  @Test
  void aTableThatSomebodyUsesIsNotWaitedForWhileOthersWaitBehind(@PerTest DatabaseUrl url)
      throws Exception {
    before(url);
    try (Connection reader = using(url, "SELECT count(*) FROM deferred");
        Statement statement = reader.createStatement()) {
      Future<?> migrated = start(url, new Patience(BRIEF, 10_000, BRIEF));
      await().until(() -> waiting(url));
      try (Connection other = Sql.connect(url);
          Statement behind = other.createStatement()) {
        behind.setQueryTimeout(10);
        behind.execute("SELECT count(*) FROM deferred");
      }
      assertThat(migrated.isDone()).isFalse();
      statement.execute("COMMIT");
      migrated.get();
    }
    assertThat(Sql.column(url, PUT_AT)).hasSize(1);
  }

  @Test
  void aStartThatFindsATableInUseSaysByWhom(@PerTest DatabaseUrl url) throws SQLException {
    before(url);
    try (Connection reader = using(url, "SELECT count(*) FROM deferred");
        Statement statement = reader.createStatement()) {
      ResultSet self = statement.executeQuery("SELECT pg_backend_pid()");
      self.next();
      assertThatThrownBy(() -> run(url, new Patience(BRIEF, 2, BRIEF)))
          .isInstanceOf(StartException.class)
          .hasMessageContaining("(pid " + self.getInt(1) + ", ")
          .hasMessageContaining("pg_terminate_backend");
    }
    Migrations.run(jdbc(url), url.user(), url.password().reveal());
    assertThat(Sql.column(url, PUT_AT)).hasSize(1);
  }

  @Test
  void whoeverHasAnEndpointGetsItsDeferredDeliveriesWhileAMigrationWaits(@PerTest DatabaseUrl url)
      throws Exception {
    before(url);
    try (Connection writer = using(url, "LOCK TABLE endpoint IN ROW EXCLUSIVE MODE");
        Statement statement = writer.createStatement()) {
      Future<?> migrated = start(url, new Patience(PATIENCE, 1, BRIEF));
      await().until(() -> waiting(url));
      statement.execute("LOCK TABLE deferred IN ROW EXCLUSIVE MODE");
      statement.execute("COMMIT");
      migrated.get();
    }
    assertThat(Sql.column(url, PUT_AT)).hasSize(1);
  }

  /** As the version before had it. */
  private static void before(DatabaseUrl url) {
    Flyway.configure()
        .dataSource(jdbc(url), url.user(), url.password().reveal())
        .locations("classpath:db/migration")
        .target("8")
        .load()
        .migrate();
  }

  private static Connection using(DatabaseUrl url, String sql) throws SQLException {
    Connection connection = Sql.connect(url);
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    return connection;
  }

  private static boolean waiting(DatabaseUrl url) throws SQLException {
    return !Sql.column(url, "SELECT 1 FROM pg_locks WHERE NOT granted AND relation IS NOT NULL")
        .isEmpty();
  }

  private static Future<?> start(DatabaseUrl url, Patience patience) {
    FutureTask<Void> task = new FutureTask<>(() -> run(url, patience), null);
    Thread.ofPlatform().start(task);
    return task;
  }

  private static void run(DatabaseUrl url, Patience patience) {
    Migrations.run(jdbc(url), url.user(), url.password().reveal(), patience);
  }

  private static String jdbc(DatabaseUrl url) {
    return "jdbc:postgresql://%s:%d/%s".formatted(url.host(), url.port(), url.database());
  }
}
