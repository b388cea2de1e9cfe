package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.contract.EventIdScheme;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.OrderedTarget;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Tenant;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.CommitHorizon;
import dev.posthaste.store.EventLog;
import dev.posthaste.store.EventPages;
import dev.posthaste.store.EventPages.Range;
import dev.posthaste.store.EventPages.Summary;
import dev.posthaste.store.HealthStore;
import dev.posthaste.store.Looked;
import dev.posthaste.store.NodeTable;
import dev.posthaste.store.OwnEvents;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Samples;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several nodes and loops hold their transactions open, for as long as chance wants. */
@ExtendWith(PostgresExtension.class)
class TheFeedSkipsNothingTest {
  private static final int BATCHES = 40;

  private final Random chance = new Random(4711);
  private final Set<Long> committed = new ConcurrentSkipListSet<>();
  private final AtomicInteger late = new AtomicInteger();
  private final List<Long> seen = new ArrayList<>();
  private final ExecutorService writers = Executors.newCachedThreadPool();
  private final Tenant tenant = Samples.tenant(1, "default");
  private TestDatabase db;
  private long passed;

  @BeforeEach
  void open(@PerTest DatabaseUrl url) {
    db = new TestDatabase(url);
    db.execute(
        "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " PERFORM pg_sleep(random() * 0.6); RETURN NULL; END $$",
        "CREATE TRIGGER dawdle AFTER INSERT ON deferred FOR EACH STATEMENT"
            + " EXECUTE FUNCTION dawdle()");
  }

  @AfterEach
  void close() {
    writers.shutdownNow();
    db.close();
  }

  @Test
  void howeverLateEventsAreCommittedAndWhateverTheClocksSay() {
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node(Duration.ZERO));
    nodes.add(new Node(Duration.ofSeconds(-3)));
    for (int round = 0; round < BATCHES; round++) {
      if (round == BATCHES / 2) {
        nodes.add(new Node(Duration.ofSeconds(-5)));
      }
      nodes.forEach(Node::submit);
      nodes.get(chance.nextInt(nodes.size())).report();
      read();
    }
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              nodes.forEach(Node::report);
              read();
              return nodes.stream().allMatch(Node::isIdle) && seen.size() >= stored().size();
            });
    assertThat(late.get()).as("commits that came after a higher id").isPositive();
    assertThat(stored()).containsAll(committed).hasSizeGreaterThan(committed.size());
    assertThat(seen).containsExactlyElementsOf(stored());
  }

  /** What publishers sent, and what Posthaste made itself. */
  private List<Long> stored() {
    return db.column("SELECT id FROM event ORDER BY id").stream().map(Long::valueOf).toList();
  }

  private void read() {
    long horizon = Await.value(new CommitHorizon(db.database()).read());
    Looked<Summary, Long> page;
    do {
      page =
          Await.value(
              new EventPages(db.database())
                  .list(1, new Range(passed + 1, horizon - 1, true, Optional.empty(), 7)));
      page.rows().forEach(event -> seen.add(event.id()));
      passed = page.stoppedAt().orElse(Math.max(passed, horizon - 1));
    } while (page.stoppedAt().isPresent());
  }

  /** Two loops of a node whose clock is off. */
  private final class Node {
    private final NodeTable.Membership joined = Await.value(new NodeTable(db.database()).join());
    private final List<Way> ways;
    private final OwnEvents own;
    private final HealthStore health;

    Node(Duration off) {
      IdGenerator ids =
          new IdGenerator(
              Clock.offset(Clock.systemUTC(), off), joined.fence().node(), joined.floor());
      own = new OwnEvents(db.database(), joined.fence(), ids, Duration.ofSeconds(2));
      health = new HealthStore(db.database(), own);
      ways = IntStream.range(0, 2).mapToObj(i -> new Way(ids)).toList();
    }

    void submit() {
      ways.forEach(Way::submit);
      if (chance.nextInt(3) == 0) {
        health.append(List.of(Samples.event(Event.UNNUMBERED, 7L)));
      }
    }

    boolean isIdle() {
      return own.isIdle() && ways.stream().allMatch(way -> way.loop.get(way.group::isIdle));
    }

    void report() {
      long mark =
          ways.stream()
              .mapToLong(way -> way.loop.get(way.group::committedBelow))
              .min()
              .orElseThrow();
      Await.value(
          new CommitHorizon(db.database())
              .report(joined.fence(), Math.min(mark, own.committedBelow())));
    }
  }

  private final class Way {
    private final Loop loop = db.loop();
    private final CommitGroup group;

    Way(IdGenerator ids) {
      Registry registry = new Registry(Map.of());
      registry.put(tenant);
      group =
          loop.get(
              () ->
                  new CommitGroup(
                      db.vertx(),
                      new LateLog(loop),
                      registry,
                      ids,
                      new IngestBudget(10_000, 10_000),
                      new CommitGroup.Limits(5, 2, 0, 1_500),
                      (List<Delivery> none) -> {}));
    }

    void submit() {
      Draft draft =
          new Draft(
              Optional.empty(),
              "order.paid",
              Optional.empty(),
              OptionalLong.empty(),
              Optional.empty(),
              Payload.of("{}"),
              Optional.empty());
      Candidate candidate =
          new Candidate(
              tenant,
              draft,
              0,
              Optional.empty(),
              Optional.empty(),
              EventIdScheme.GENERATED,
              EventTraces.Nowhere.INSTANCE);
      loop.start(() -> group.submit(Collections.nCopies(1 + chance.nextInt(3), candidate)));
    }
  }

  /** Keeps each transaction open for a while; some fail. */
  private final class LateLog implements EventLog {
    private final Loop loop;

    LateLog(Loop loop) {
      this.loop = loop;
    }

    @Override
    public Future<List<Repeat>> append(List<Event> events, List<OrderedTarget> ordered) {
      Promise<List<Repeat>> answer = Promise.promise();
      long openMillis = chance.nextInt(4) == 0 ? 60 : 2;
      boolean fails = chance.nextInt(10) == 0;
      writers.execute(
          () -> {
            Future<List<Repeat>> done = write(events, openMillis, fails);
            loop.start(
                () -> {
                  answer.handle(done);
                  return Future.succeededFuture();
                });
          });
      return answer.future();
    }

    private Future<List<Repeat>> write(List<Event> events, long openMillis, boolean fails) {
      try (Connection connection = Sql.connect(db.url())) {
        connection.setAutoCommit(false);
        insert(connection, events);
        Thread.sleep(openMillis);
        if (fails) {
          connection.rollback();
          return Future.failedFuture(new PgException("no", "ERROR", "53100", "disk full"));
        }
        connection.commit();
        note(events);
        return Future.succeededFuture(List.of());
      } catch (SQLException | InterruptedException e) {
        return Future.failedFuture(e);
      }
    }

    private void note(List<Event> events) {
      synchronized (committed) {
        long highest = committed.stream().max(Long::compare).orElse(0L);
        if (events.getFirst().id() < highest) {
          late.incrementAndGet();
        }
        events.forEach(event -> committed.add(event.id()));
      }
    }

    private static void insert(Connection connection, List<Event> events) throws SQLException {
      try (PreparedStatement statement =
          connection.prepareStatement(
              "INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets)"
                  + " VALUES (?, 1, ?, 0, '{}', '{}')")) {
        for (Event event : events) {
          statement.setLong(1, event.id());
          statement.setString(2, event.type());
          statement.executeUpdate();
        }
      }
    }

    @Override
    public Future<Void> recover(List<Long> eventIds) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Boolean> endLost() {
      return Future.succeededFuture(true);
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }
}
