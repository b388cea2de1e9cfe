package dev.posthaste.store;

import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.EventLog.Repeat;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** For tests that append to a log which is empty before each of them. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WithEventLog {
  private static final Duration WINDOW = Duration.ofHours(1);

  final IdGenerator ids = Samples.ids();
  TestDatabase db;
  Loop loop;
  private Fence fence;
  EventLog log;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    loop = db.loop();
  }

  @BeforeEach
  void join() {
    db.clear();
    fence = Await.value(new NodeTable(db.database()).join()).fence();
    log = log();
  }

  @AfterEach
  void closeLog() {
    Await.value(log.close());
  }

  @AfterAll
  void close() {
    db.close();
  }

  final EventLog log() {
    return new PostgresEventLog(db.database(), fence, WINDOW);
  }

  final List<Repeat> append(List<Event> events) {
    return loop.run(() -> log.append(events));
  }

  final List<Long> storedIds() {
    return db.column("SELECT id FROM event ORDER BY id").stream().map(Long::valueOf).toList();
  }
}
