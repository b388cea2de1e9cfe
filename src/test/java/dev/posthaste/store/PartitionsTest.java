package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.RetentionSettings;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.SettableClock;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class PartitionsTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T15:00:00Z"));
  private final Vertx vertx = TestVertx.create(1);

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  private Database database(DatabaseUrl url) {
    Migrations.run(Database.jdbcUrl(url), url.user(), url.password().reveal());
    return new Database(vertx, url, dev.posthaste.support.TestDatabase.SETTINGS);
  }

  private Partitions partitions(Database database, int days, int period, int ahead) {
    return new Partitions(database, new RetentionSettings(days, period, ahead), clock);
  }

  private static List<String> names(DatabaseUrl url, String table) throws SQLException {
    return Sql.column(
        url,
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '"
            + table
            + "'::regclass AND NOT inhdetachpending ORDER BY 1");
  }

  private void insert(DatabaseUrl url) throws SQLException {
    Sql.execute(url, insertNow());
  }

  private String insertNow() {
    long id = IdGenerator.lowestAt(clock.millis()) + System.nanoTime() % 4_000_000;
    return "INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets) VALUES ("
        + id
        + ", 1, 't', 0, '1', '{}')";
  }

  @Test
  void areMadeAheadOnceAndCoverYesterday(@PerTest DatabaseUrl url) throws SQLException {
    Partitions partitions = partitions(database(url), 30, 1, 2);
    Await.value(partitions.maintain());
    List<String> made = names(url, "event");
    assertThat(made)
        .containsExactly("event_20260309", "event_20260310", "event_20260311", "event_20260312");
    assertThat(names(url, "attempt")).hasSize(4);
    Await.value(partitions.maintain());
    assertThat(names(url, "event")).isEqualTo(made);
    clock.advance(Duration.ofDays(2));
    insert(url);
  }

  @Test
  void aGapInTimeIsFilledAndAChangedPeriodGoesOnFromTheEnd(@PerTest DatabaseUrl url)
      throws SQLException {
    Database database = database(url);
    Await.value(partitions(database, 30, 1, 1).maintain());
    clock.advance(Duration.ofDays(9));
    Await.value(partitions(database, 30, 7, 1).maintain());
    insert(url);
    clock.advance(Duration.ofDays(6));
    Await.value(partitions(database, 30, 1, 3).maintain());
    insert(url);
    clock.advance(Duration.ofDays(3));
    insert(url);
  }

  @Test
  void twoNodesAtOnceDoNotGetInEachOthersWay(@PerTest DatabaseUrl url) throws SQLException {
    Database database = database(url);
    Future<Void> one = partitions(database, 30, 1, 5).maintain();
    Future<Void> two = partitions(database, 30, 1, 5).maintain();
    Await.value(one);
    Await.value(two);
    assertThat(names(url, "event")).hasSize(7);
    assertThat(
            Sql.column(
                url,
                "SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                    + " WHERE locktype = 'advisory' AND datname = current_database()"))
        .isEmpty();
  }

  @Test
  void areDroppedAfterTheRetentionWhileInsertsGoOn(@PerTest DatabaseUrl url) throws SQLException {
    Partitions partitions = partitions(database(url), 3, 1, 2);
    Await.value(partitions.maintain());
    insert(url);
    Sql.execute(
        url,
        "INSERT INTO deferred VALUES (%d, 1, 0, now(), 2)"
            .formatted(IdGenerator.lowestAt(clock.millis())));
    clock.advance(Duration.ofDays(4));
    Await.value(partitions(database(url), 30, 1, 2).maintain());
    clock.advance(Duration.ofDays(1));
    Sql.execute(
        url,
        "INSERT INTO deferred VALUES (%d, 1, 0, now(), 2)"
            .formatted(IdGenerator.lowestAt(clock.millis())));
    try (Connection busy = Sql.connect(url);
        Statement statement = busy.createStatement()) {
      busy.setAutoCommit(false);
      statement.execute(insertNow());
      Future<Void> maintained = partitions.maintain();
      // It waits for the open transaction to end and lets every other one through.
      await()
          .until(
              () -> Sql.column(url, "SELECT 1 FROM pg_inherits WHERE inhdetachpending"),
              rows -> !rows.isEmpty());
      insert(url);
      assertThat(Sql.column(url, "SELECT count(*) FROM event")).hasSize(1);
      busy.commit();
      Await.value(maintained);
    }
    assertThat(names(url, "event"))
        .startsWith("event_20260312")
        .doesNotContain("event_20260309", "event_20260310", "event_20260311");
    assertThat(names(url, "attempt")).startsWith("attempt_20260311");
    assertThat(Sql.column(url, "SELECT to_regclass('event_20260310')")).containsOnlyNulls();
    assertThat(Sql.column(url, "SELECT count(*) FROM deferred")).containsExactly("1");
  }

  @Test
  void whatACrashLeftHalfDoneIsFinished(@PerTest DatabaseUrl url) throws SQLException {
    Partitions partitions = partitions(database(url), 3, 1, 2);
    Await.value(partitions.maintain());
    Sql.execute(
        url,
        "CREATE TABLE event_20260313 (LIKE event INCLUDING ALL)",
        "CREATE TABLE event_20200101 (LIKE event INCLUDING ALL)",
        "CREATE TABLE event_notes (n int)");
    clock.advance(Duration.ofDays(1));
    Await.value(partitions.maintain());
    assertThat(names(url, "event")).contains("event_20260313");
    assertThat(Sql.column(url, "SELECT to_regclass('event_20200101')")).containsOnlyNulls();
    assertThat(Sql.column(url, "SELECT to_regclass('event_notes')")).containsExactly("event_notes");
  }

  @Test
  void keysWhoseTimeIsOverAreForgottenUnlessTheyAreInUse(@PerTest DatabaseUrl url)
      throws SQLException {
    Partitions partitions = partitions(database(url), 30, 1, 2);
    Sql.execute(
        url,
        "INSERT INTO event_key SELECT 1, 'old' || n, n, now() - interval '1 s' FROM"
            + " generate_series(1, 12000) n",
        "INSERT INTO event_key VALUES (1, 'new', 1, now() + interval '1 h')");
    try (Connection busy = Sql.connect(url);
        Statement statement = busy.createStatement()) {
      busy.setAutoCommit(false);
      statement.execute("UPDATE event_key SET event_id = 0 WHERE key = 'old7'");
      Await.value(partitions.maintain());
      busy.commit();
    }
    assertThat(Sql.column(url, "SELECT key FROM event_key ORDER BY key"))
        .containsExactly("new", "old7");
  }

  @Test
  void aClockThatIsFarAheadDropsNothing(@PerTest DatabaseUrl url) throws SQLException {
    Database database = database(url);
    clock.set(Instant.now());
    Await.value(partitions(database, 30, 1, 2).makeAhead());
    List<String> made = names(url, "event");
    insert(url);
    Sql.execute(
        url,
        "INSERT INTO deferred VALUES (%d, 1, 0, now(), 2)"
            .formatted(IdGenerator.lowestAt(clock.millis())));
    clock.advance(Duration.ofDays(40));
    Await.value(partitions(database, 30, 1, 2).maintain());
    assertThat(names(url, "event")).containsAll(made);
    assertThat(Sql.column(url, "SELECT count(*) FROM event")).containsExactly("1");
    assertThat(Sql.column(url, "SELECT count(*) FROM deferred")).containsExactly("1");
  }
}
