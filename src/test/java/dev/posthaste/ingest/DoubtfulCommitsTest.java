package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.DatabaseSettings;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.Database;
import dev.posthaste.store.EventLog;
import dev.posthaste.store.Fence;
import dev.posthaste.store.NodeTable;
import dev.posthaste.store.PostgresEventLog;
import dev.posthaste.store.StoreTrouble;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A commit waits for a standby that is away, whatever the statement timeout says. */
@ExtendWith(PostgresExtension.class)
class DoubtfulCommitsTest {
  private static final DatabaseSettings QUICK =
      new DatabaseSettings(Optional.empty(), 4, Duration.ofSeconds(5), Duration.ofSeconds(1));

  private final IdGenerator ids = Samples.ids();
  private TestDatabase db;
  private Loop loop;
  private Database quick;
  private EventLog log;
  private DoubtfulCommits doubts;

  @BeforeEach
  void open(@PerTest DatabaseUrl url) {
    db = new TestDatabase(url);
    loop = db.loop();
    quick = new Database(db.vertx(), url, QUICK);
    Fence fence = Await.value(new NodeTable(db.database()).join()).fence();
    log = new PostgresEventLog(quick, fence, Duration.ofHours(1));
    doubts = loop.get(() -> new DoubtfulCommits(db.vertx(), log, 500));
  }

  @AfterEach
  void close() {
    standbyIsBack();
    loop.run(log::close);
    Await.value(quick.close());
    db.close();
  }

  @Test
  void anEventThatAppearsAfterItsPublisherWasRefusedIsDeliveredOnceWhenItIsRepeated() {
    loop.run(() -> log.append(List.of(Samples.event(ids.next()))));
    standbyIsAway();
    Event event = Samples.keyed(ids.next(), "k", 7L);
    Throwable refused = Await.failure(loop.start(() -> log.append(List.of(event))));
    assertThat(StoreTrouble.isInDoubt(refused)).isTrue();
    AtomicBoolean settled = new AtomicBoolean();
    loop.get(
        () -> {
          doubts.settle(List.of(event.id()), () -> settled.set(true));
          return true;
        });
    await().atMost(Duration.ofMinutes(1)).untilTrue(settled);
    standbyIsBack();
    Event repeat = Samples.keyed(ids.next(), "k", 7L);
    assertThat(loop.run(() -> log.append(List.of(repeat))))
        .extracting(known -> known.original().id())
        .containsExactly(event.id());
    assertThat(db.column("SELECT event_id FROM deferred")).containsExactly("" + event.id());
  }

  /** It takes a while until commits wait. */
  private void standbyIsAway() {
    db.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    db.execute("SELECT pg_reload_conf()");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              Future<?> write = db.database().pool().query("ANALYZE node").execute();
              await().until(() -> write.isComplete() || !waiting().isEmpty());
              return !write.isComplete();
            });
  }

  private List<String> waiting() {
    return db.column(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            + " AND wait_event = 'SyncRep'");
  }

  private void standbyIsBack() {
    db.execute("ALTER SYSTEM RESET synchronous_standby_names");
    db.execute("SELECT pg_reload_conf()");
    await().atMost(Duration.ofMinutes(1)).until(() -> waiting().isEmpty());
  }
}
