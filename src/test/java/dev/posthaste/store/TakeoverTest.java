package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.DatabaseSettings;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.NodeTable.Sighting;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.Sightings;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes come, die and are taken over: {@link NodeTable} and {@link Fence}. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TakeoverTest {
  private TestDatabase db;
  private NodeTable nodes;
  private TestDatabase elsewhere;
  private NodeTable onAnotherNode;
  private HeldConnection beats;
  private Loop loop;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    nodes = new NodeTable(db.database());
    elsewhere = new TestDatabase(url);
    onAnotherNode = new NodeTable(elsewhere.database());
    beats = db.database().hold(open -> Future.succeededFuture());
    loop = db.loop();
  }

  @BeforeEach
  void clear() {
    db.clear();
  }

  @AfterAll
  void close() {
    elsewhere.close();
    db.close();
  }

  private NodeTable.Membership join() {
    return Await.value(nodes.join());
  }

  private EventLog log(Fence fence) {
    return new PostgresEventLog(db.database(), fence, Duration.ofHours(1));
  }

  @Test
  void nodesGetDifferentNumbersAlsoWhenTheyJoinAtOnce() {
    List<Future<NodeTable.Membership>> joins =
        java.util.stream.IntStream.range(0, 8).mapToObj(i -> nodes.join()).toList();
    assertThat(joins.stream().map(joined -> Await.value(joined).fence().node()))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void theLowestFreeNumberIsTakenAgainWithANewEpochAndAFloorOverAllEvents() {
    Fence first = join().fence();
    join();
    long event = Samples.ids().next();
    insert(event, 1);
    assertThat(Await.value(nodes.leave(first, event + 1))).isTrue();
    NodeTable.Membership again = join();
    assertThat(again.fence()).isEqualTo(new Fence(first.node(), first.epoch() + 1));
    assertThat(again.floor()).isGreaterThanOrEqualTo(event);
    assertThat(join().fence().node()).isEqualTo(2);
  }

  @Test
  void aHeartbeatMovesTheWatermarkOnlyUpAndSaysWhenTheNodeIsNotOursAnyMore() {
    Fence fence = join().fence();
    assertThat(Await.value(nodes.heartbeat(beats, fence, 100))).hasValue(1);
    assertThat(Await.value(nodes.heartbeat(beats, fence, 50))).hasValue(1);
    assertThat(db.column("SELECT settled_below FROM node")).containsExactly("100");
    Await.value(nodes.takeOver(Sightings.of(nodes, fence)));
    assertThat(Await.value(nodes.heartbeat(beats, fence, 200))).isEmpty();
    assertThat(db.column("SELECT settled_below FROM node")).containsExactly("100");
  }

  @Test
  void aHeartbeatIsGivenUpLongBeforeAStatementMustHaveEnded() throws SQLException {
    Fence fence = join().fence();
    Database patient =
        new Database(
            db.vertx(),
            db.url(),
            new DatabaseSettings(
                Optional.empty(), 1, Duration.ofSeconds(5), Duration.ofMinutes(10)));
    HeldConnection impatient = patient.hold(Duration.ofMillis(500));
    try (Connection blocker = Sql.connect(db.url());
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("LOCK TABLE node IN ACCESS EXCLUSIVE MODE");
      assertThat(Await.failure(nodes.heartbeat(impatient, fence, 0)))
          .isInstanceOf(TimeoutException.class);
      blocker.rollback();
    }
    assertThat(Await.value(nodes.heartbeat(impatient, fence, 0))).hasValue(1);
    Await.value(impatient.close());
    Await.value(patient.close());
  }

  @Test
  void everyHeartbeatSaysHowManyNodesShareTheLimits() {
    NodeTable.Membership first = join();
    NodeTable.Membership second = join();
    assertThat(first.liveNodes()).isEqualTo(1);
    assertThat(second.liveNodes()).isEqualTo(2);
    assertThat(Await.value(nodes.heartbeat(beats, first.fence(), 0))).hasValue(2);
    Await.value(nodes.leave(second.fence(), second.floor()));
    assertThat(Await.value(nodes.heartbeat(beats, first.fence(), 0))).hasValue(1);
    assertThat(join().liveNodes()).isEqualTo(2);
  }

  @Test
  void theOthersAreThoseThatAreAliveButOneself() {
    Fence self = join().fence();
    Fence other = join().fence();
    Fence gone = join().fence();
    Await.value(nodes.leave(gone, 0));
    assertThat(Await.value(nodes.others(self.node())))
        .extracting(Sighting::fence)
        .containsExactly(other);
  }

  @Test
  void aNodeThatWasHeardOfSinceStaysAliveAndKeepsItsSessions() {
    Fence fence = join().fence();
    EventLog log = log(fence);
    loop.run(() -> log.append(List.of(Samples.event(Samples.ids().next(), 1L))));
    List<String> sessions = fenced();
    Sighting before = Sightings.of(nodes, fence);
    Await.value(nodes.heartbeat(beats, fence, 0));
    assertThat(Await.value(nodes.takeOver(before))).isEmpty();
    assertThat(db.column("SELECT live FROM node")).containsExactly("t");
    loop.run(() -> log.append(List.of(Samples.event(Samples.ids().next(), 1L))));
    assertThat(fenced()).isEqualTo(sessions).hasSize(1);
    Await.value(log.close());
  }

  private List<String> fenced() {
    return db.column(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = "
            + Fence.LOCK_CLASS
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
  }

  @Test
  void whatTheDeadNodeLeftUnsettledIsDueAndNothingElse() {
    Fence dead = join().fence();
    Fence alive = join().fence();
    IdGenerator mine = new IdGenerator(Clock.systemUTC(), dead.node(), 0);
    IdGenerator others = new IdGenerator(Clock.systemUTC(), alive.node(), 0);
    long settled = mine.next();
    long watermark = mine.next();
    long open = mine.next();
    long foreign = others.next();
    insert(settled, 1);
    insert(watermark, 1, 2);
    insert(open, 1, 2, 3);
    insert(foreign, 1);
    db.execute(
        PostgresEventLogTest.attempt(watermark, 1, 1, 1),
        PostgresEventLogTest.attempt(open, 1, 1, 4),
        PostgresEventLogTest.attempt(open, 2, 1, 2),
        "INSERT INTO deferred VALUES (%d, 3, 1, now() + interval '1 h', 2)".formatted(open));
    Await.value(nodes.heartbeat(beats, dead, watermark));
    Sighting seen = Sightings.of(nodes, dead);
    assertThat(Await.value(nodes.takeOver(seen))).hasValue(2);
    assertThat(
            db.column(
                "SELECT concat_ws('|', event_id, endpoint_id, attempts, due_at <= now()) FROM"
                    + " deferred ORDER BY event_id, endpoint_id"))
        .containsExactly(watermark + "|2|0|t", open + "|2|1|t", open + "|3|1|f");
    assertThat(Await.value(nodes.takeOver(seen))).isEmpty();
  }

  @Test
  void leasesOfTheDeadNodeAreFree() {
    Fence dead = join().fence();
    Fence alive = join().fence();
    db.execute(
        "INSERT INTO deferred VALUES (1, 1, 0, now(), 2, %d, now() + interval '1 h')"
            .formatted(dead.node()),
        "INSERT INTO deferred VALUES (2, 1, 0, now(), 2, %d, now() + interval '1 h')"
            .formatted(alive.node()));
    Await.value(nodes.takeOver(Sightings.of(nodes, dead)));
    assertThat(db.column("SELECT event_id FROM deferred WHERE leased_by IS NULL"))
        .containsExactly("1");
  }

  @Test
  void aNodeThatWasTakenOverCannotFreeTheLeasesOfItsSuccessor() {
    Fence zombie = join().fence();
    Await.value(nodes.takeOver(Sightings.of(nodes, zombie)));
    Fence successor = join().fence();
    assertThat(successor.node()).isEqualTo(zombie.node());
    db.execute(
        "INSERT INTO deferred VALUES (1, 1, 0, now(), 2, %d, now() + interval '1 h')"
            .formatted(successor.node()));
    assertThat(Await.value(nodes.leave(zombie, Long.MAX_VALUE))).isFalse();
    assertThat(db.column("SELECT leased_by FROM deferred")).containsExactly("0");
    assertThat(db.column("SELECT live FROM node")).containsExactly("t");
  }

  @Test
  void aNodeThatWasTakenOverCanAppendNoMore() {
    Fence fence = join().fence();
    EventLog log = log(fence);
    loop.run(() -> log.append(List.of(Samples.event(Samples.ids().next(), 1L))));
    Await.value(nodes.takeOver(Sightings.of(nodes, fence)));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(
                        Await.failure(
                            loop.start(
                                () -> log.append(List.of(Samples.event(Samples.ids().next()))))))
                    .isInstanceOf(FencedException.class));
    assertThat(db.column("SELECT count(*) FROM event")).containsExactly("1");
    Await.value(log.close());
  }

  @Test
  void anInsertOfAZombieThatIsStuckCannotCommitAfterTheTakeover() throws SQLException {
    Fence zombie = join().fence();
    EventLog log = log(zombie);
    loop.run(() -> log.append(List.of(Samples.event(Samples.ids().next(), 1L))));
    Event stuck = Samples.event(Samples.ids().next(), 1L);
    try (Connection blocker = Sql.connect(db.url());
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("LOCK TABLE event IN SHARE MODE");
      Future<?> append = loop.start(() -> log.append(List.of(stuck)));
      Awaitility.await()
          .until(
              () -> db.column("SELECT count(*) FROM pg_locks WHERE NOT granted"),
              waiting -> !waiting.equals(List.of("0")));
      assertThat(Await.value(nodes.takeOver(Sightings.of(nodes, zombie)))).hasValue(1);
      Await.failure(append);
      blocker.rollback();
    }
    assertThat(db.column("SELECT count(*) FROM event WHERE id = " + stuck.id()))
        .containsExactly("0");
    Await.value(log.close());
  }

  @Test
  void twoSurvivorsRecoverOnce() {
    Fence dead = join().fence();
    IdGenerator mine = new IdGenerator(Clock.systemUTC(), dead.node(), 0);
    for (int i = 0; i < 50; i++) {
      insert(mine.next(), 1);
    }
    Sighting seen = Sightings.of(nodes, dead);
    Future<OptionalInt> one = nodes.takeOver(seen);
    Future<OptionalInt> two = onAnotherNode.takeOver(seen);
    int recovered = Await.value(one).orElse(0) + Await.value(two).orElse(0);
    assertThat(recovered).isEqualTo(50);
    assertThat(db.column("SELECT count(*) FROM deferred")).containsExactly("50");
  }

  @Test
  void aSurvivorLeavesAnotherAloneThatIsStillAtIt() {
    Fence dead = join().fence();
    IdGenerator mine = new IdGenerator(Clock.systemUTC(), dead.node(), 0);
    for (int i = 0; i < 50; i++) {
      insert(mine.next(), 1);
    }
    // No lock: those are waited for only briefly.
    db.execute(
        "CREATE TABLE shut AS SELECT true AS is_shut",
        "CREATE FUNCTION wait_outside() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " WHILE EXISTS (SELECT FROM shut) LOOP PERFORM pg_sleep(0.02); END LOOP;"
            + " RETURN NULL; END $$",
        "CREATE TRIGGER wait_outside BEFORE INSERT ON deferred FOR EACH STATEMENT"
            + " EXECUTE FUNCTION wait_outside()");
    try {
      Sighting seen = Sightings.of(nodes, dead);
      Future<OptionalInt> one = nodes.takeOver(seen);
      Awaitility.await().until(() -> !sleeping().isEmpty());
      assertThat(Await.value(onAnotherNode.takeOver(seen))).isEmpty();
      db.execute("DELETE FROM shut");
      assertThat(Await.value(one)).hasValue(50);
    } finally {
      db.execute("DELETE FROM shut", "DROP FUNCTION wait_outside CASCADE", "DROP TABLE shut");
    }
  }

  private List<String> sleeping() {
    return db.column(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            + " AND wait_event = 'PgSleep'");
  }

  private void insert(long id, long... targets) {
    String list = java.util.Arrays.toString(targets).replace('[', '{').replace(']', '}');
    db.execute(
        "INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets) VALUES (%d, 1, 't',"
                .formatted(id)
            + " 0, '1', '"
            + list
            + "')");
  }
}
