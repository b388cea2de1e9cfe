package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.SettableClock;
import dev.posthaste.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class BoundedClockTest {
  private final SettableClock machine = new SettableClock(Instant.now());
  private TestDatabase db;
  private BoundedClock clock;

  @BeforeEach
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    clock = new BoundedClock(machine, db.database());
    Await.value(clock.look());
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void itIsTheMachinesTimeWhileThatIsAboutTheDatabasesOrBehind() {
    machine.advance(Duration.ofSeconds(25));
    assertThat(clock.millis()).isEqualTo(machine.millis());
    machine.advance(Duration.ofDays(-3));
    assertThat(clock.millis()).isEqualTo(machine.millis());
  }

  @Test
  void itNeverGoesFarAheadOfTheDatabase() {
    long soon = Instant.now().plus(Duration.ofHours(1)).toEpochMilli();
    machine.advance(Duration.ofDays(10));
    assertThat(clock.millis()).isLessThan(soon);
    Await.value(clock.look());
    assertThat(clock.instant()).isBefore(Instant.ofEpochMilli(soon));
    machine.set(Instant.now());
    Await.value(clock.look());
    assertThat(clock.millis()).isEqualTo(machine.millis());
  }
}
