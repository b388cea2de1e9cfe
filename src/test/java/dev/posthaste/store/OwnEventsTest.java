package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthaste.event.Event;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.ClosedConnectionException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class OwnEventsTest {
  private TestDatabase db;
  private Fence fence;
  private OwnEvents own;

  @BeforeEach
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    db.clear();
    fence = Await.value(new NodeTable(db.database()).join()).fence();
    own = Samples.own(db, fence);
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void theFeedsWaitForAnEventUntilItIsCommitted() throws SQLException {
    Future<Void> appended;
    long mark;
    try (Connection other = Sql.connect(db.url());
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE deferred IN ACCESS EXCLUSIVE MODE");
      HealthStore store = new HealthStore(db.database(), own);
      appended = store.append(List.of(Samples.event(Event.UNNUMBERED, 7L)));
      mark = own.committedBelow();
      Awaitility.await().until(() -> !waiting().isEmpty());
      assertThat(own.committedBelow()).isEqualTo(mark);
      assertThat(own.isIdle()).isFalse();
      other.rollback();
    }
    Await.value(appended);
    long id = Long.parseLong(db.column("SELECT id FROM event").getFirst());
    assertThat(id).isGreaterThan(mark);
    assertThat(own.isIdle()).isTrue();
    assertThat(own.committedBelow()).isGreaterThan(id);
  }

  private List<String> waiting() {
    return db.column("SELECT pid FROM pg_locks WHERE NOT granted AND locktype = 'relation'");
  }

  @Test
  void theFeedsWaitForATransactionInDoubtUntilItHasSurelyEnded() throws SQLException {
    Promise<Void> outcome = Promise.promise();
    Future<Void> doubtful = own.around(outcome::future);
    long mark = own.committedBelow();
    try (Connection lost = Sql.connect(db.url());
        Statement statement = lost.createStatement()) {
      lost.setAutoCommit(false);
      statement.execute(
          "SELECT pg_advisory_xact_lock_shared(%d, %d)".formatted(Fence.LOCK_CLASS, fence.node()));
      outcome.fail(ClosedConnectionException.INSTANCE);
      assertThat(Await.failure(doubtful)).isInstanceOf(ClosedConnectionException.class);
      assertThat(own.committedBelow()).isEqualTo(mark);
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(own::isIdle);
      assertThatThrownBy(lost::commit).isInstanceOf(SQLException.class);
    }
    assertThat(own.committedBelow()).isGreaterThan(mark);
  }

  @Test
  void aTransactionInDoubtThatHasEndedHoldsNothingUp() {
    Promise<Void> outcome = Promise.promise();
    Future<Void> doubtful = own.around(outcome::future);
    EventLog other = new PostgresEventLog(db.database(), fence, Duration.ofHours(1));
    Loop loop = db.loop();
    loop.run(() -> other.append(List.of(Samples.event(Samples.ids().next()))));
    outcome.fail(ClosedConnectionException.INSTANCE);
    Await.failure(doubtful);
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(own::isIdle);
    assertThat(sessions()).as("of those that only hold the fence").hasSize(1);
    loop.run(other::close);
  }

  private List<String> sessions() {
    return db.column(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = " + Fence.LOCK_CLASS);
  }

  @Test
  void whatFailsForSureHoldsNothingUp() {
    assertThat(Await.failure(own.around(() -> Future.failedFuture(new UidTakenException()))))
        .isInstanceOf(UidTakenException.class);
    assertThat(own.isIdle()).isTrue();
  }

  @Test
  void noneIsAppendedOutsideOfItsTransaction() {
    Future<Void> stray =
        db.database()
            .pool()
            .withTransaction(tx -> own.append(tx, List.of(Samples.event(Event.UNNUMBERED, 7L))));
    assertThat(Await.failure(stray)).isInstanceOf(IllegalStateException.class);
    assertThat(db.column("SELECT id FROM event")).isEmpty();
  }
}
