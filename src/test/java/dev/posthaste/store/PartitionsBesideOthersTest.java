package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.RetentionSettings;
import dev.posthaste.support.Await;
import dev.posthaste.support.CutableProxy;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.SettableClock;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import dev.posthaste.support.TestVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever else is busy with the same tables, a node comes up. */
@ExtendWith(PostgresExtension.class)
class PartitionsBesideOthersTest {
  private static final String PENDING = "SELECT 1 FROM pg_inherits WHERE inhdetachpending";

  private static final String WAITING =
      "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'event'::regclass";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T15:00:00Z"));
  private final Vertx vertx = TestVertx.create(1);
  private DatabaseUrl url;
  private Database database;

  /** With partitions from the 9th to the 12th, of which two are past their retention. */
  @BeforeEach
  void open(@PerTest DatabaseUrl own) {
    url = own;
    Migrations.run(Database.jdbcUrl(url), url.user(), url.password().reveal());
    database = new Database(vertx, url, TestDatabase.SETTINGS);
    Await.value(partitions(2).makeAhead());
    clock.advance(Duration.ofDays(4));
    Await.value(partitions(2).makeAhead());
  }

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  private Partitions partitions(int ahead) {
    return new Partitions(database, new RetentionSettings(3, 1, ahead), clock);
  }

  private Partitions hasty() {
    RetentionSettings settings = new RetentionSettings(3, 1, 2);
    return new Partitions(database, settings, clock, Duration.ofSeconds(1), Duration.ofMinutes(10));
  }

  private List<String> column(String sql) throws SQLException {
    return Sql.column(url, sql);
  }

  private static Connection reading(DatabaseUrl url) throws SQLException {
    Connection reader = Sql.connect(url);
    reader.setAutoCommit(false);
    reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = reader.createStatement()) {
      statement.execute("SELECT count(*) FROM event");
    }
    return reader;
  }

  @Test
  void aNodeComesUpWhileADropWaitsForSomebodysTransaction() throws SQLException {
    try (Connection reader = reading(url)) {
      Future<Void> maintained = partitions(2).maintain();
      await().until(() -> column(PENDING), rows -> !rows.isEmpty());
      Await.value(partitions(3).makeAhead());
      assertThat(column("SELECT to_regclass('event_20260317')")).containsExactly("event_20260317");
      assertThat(column(PENDING)).isNotEmpty();
      reader.rollback();
      Await.value(maintained);
    }
    assertThat(column("SELECT to_regclass('event_20260310')")).containsOnlyNulls();
  }

  @Test
  void aNodeThatFindsAllItNeedsWaitsForNobody() throws SQLException {
    try (Connection other = Sql.connect(url);
        Statement statement = other.createStatement()) {
      statement.execute(
          "SELECT pg_advisory_lock(%d, n) FROM generate_series(-2, -1) n"
              .formatted(Fence.LOCK_CLASS));
      Await.value(partitions(2).makeAhead());
    }
  }

  @Test
  void aDropThatSomebodyHoldsUpIsLeftForTheNextRoundAndTheRestGoesOn() throws SQLException {
    Sql.execute(url, "INSERT INTO event_key VALUES (1, 'old', 1, now() - interval '1 s')");
    try (Connection reader = reading(url)) {
      Await.value(hasty().maintain());
      assertThat(column(PENDING)).hasSize(1);
      assertThat(column("SELECT key FROM event_key")).isEmpty();
      Await.value(hasty().maintain());
      assertThat(column(PENDING)).hasSize(1);
      reader.rollback();
    }
    Await.value(partitions(2).maintain());
    assertThat(column(PENDING)).isEmpty();
    assertThat(column("SELECT to_regclass('event_20260310')")).containsOnlyNulls();
  }

  @Test
  void aNodeThatWaitsForAnotherOneToMakeThemHoldsUpNoDrop() throws SQLException {
    try (Connection other = Sql.connect(url);
        Statement statement = other.createStatement()) {
      try (Connection reader = reading(url)) {
        Await.value(hasty().maintain());
        reader.rollback();
      }
      assertThat(column(PENDING)).hasSize(1);
      statement.execute("SELECT pg_advisory_lock(%d, -2)".formatted(Fence.LOCK_CLASS));
      Future<Void> made = partitions(3).makeAhead();
      Await.value(partitions(2).maintain());
      assertThat(column(PENDING)).isEmpty();
      assertThat(made.isComplete()).isFalse();
      statement.execute("SELECT pg_advisory_unlock_all()");
      Await.value(made);
    }
  }

  @Test
  void aDropLeavesAloneWhatAnotherNodeIsMaking() throws SQLException {
    try (Connection other = Sql.connect(url);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE event IN SHARE UPDATE EXCLUSIVE MODE");
      Future<Void> made = partitions(3).makeAhead();
      await().until(() -> column(WAITING), rows -> !rows.isEmpty());
      Await.value(hasty().maintain());
      other.rollback();
      Await.value(made);
    }
    assertThat(column("SELECT to_regclass('event_20260317')")).containsExactly("event_20260317");
  }

  @Test
  void aRoundWhoseConnectionDiesInSilenceEnds() throws SQLException, IOException {
    try (CutableProxy proxy = new CutableProxy(url.port());
        Connection other = Sql.connect(url);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE event IN SHARE UPDATE EXCLUSIVE MODE");
      Future<Void> round = brief(proxy).maintain();
      await().until(() -> column(WAITING), rows -> !rows.isEmpty());
      proxy.silence();
      other.rollback();
      assertThat(Await.failure(round)).isInstanceOf(TimeoutException.class);
    }
    Await.value(partitions(3).maintain());
    assertThat(column("SELECT to_regclass('event_20260317')")).containsExactly("event_20260317");
  }

  /** Finds something to make, over a line of its own. */
  private Partitions brief(CutableProxy proxy) {
    DatabaseUrl way = DatabaseUrl.local(proxy.port(), url.user(), url.password(), url.database());
    return new Partitions(
        new Database(vertx, way, TestDatabase.SETTINGS),
        new RetentionSettings(3, 1, 3),
        clock,
        Duration.ofSeconds(1),
        Duration.ofSeconds(3));
  }
}
