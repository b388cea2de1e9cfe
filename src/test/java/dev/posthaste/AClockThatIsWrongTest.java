package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.Database;
import dev.posthaste.store.Migrations;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.SettableClock;
import dev.posthaste.support.Sql;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One machine's clock is not the time of the cluster. */
@ExtendWith(PostgresExtension.class)
class AClockThatIsWrongTest {
  @TempDir Path one;
  @TempDir Path two;

  private static long highest(DatabaseUrl url, String query) throws SQLException {
    return IdGenerator.millisOf(Long.parseLong(Sql.column(url, query).getFirst()));
  }

  @Test
  void aNodeWhoseClockJumpsAheadGoesOnAndHarmsNobodyWhoJoinsLater(@PerTest DatabaseUrl url)
      throws SQLException {
    Migrations.run(Database.jdbcUrl(url), url.user(), url.password().reveal());
    SettableClock clock = new SettableClock(Instant.now());
    try (RunningNode jumpy = new RunningNode(one, url, clock)) {
      jumpy.createTenant("acme", "standard");
      clock.advance(Duration.ofDays(10));
      jumpy.publish("acme", "a.b", 1);
      try (RunningNode late = new RunningNode(two, url, Clock.systemUTC())) {
        late.publish("acme", "a.b", 1);
      }
    }
    long tomorrow = Instant.now().plus(Duration.ofDays(1)).toEpochMilli();
    assertThat(highest(url, "SELECT max(id) FROM event")).isLessThan(tomorrow);
    assertThat(highest(url, "SELECT max(settled_below) FROM node")).isLessThan(tomorrow);
    assertThat(highest(url, "SELECT max(committed_below) FROM node")).isLessThan(tomorrow);
  }
}
