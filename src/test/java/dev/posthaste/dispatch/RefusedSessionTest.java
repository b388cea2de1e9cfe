package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Event;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.Secret;
import dev.posthaste.support.CutableProxy;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.Sql;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PostgreSQL answers and takes nothing, whatever it is: outcomes wait as if it were away. */
@ExtendWith(PostgresExtension.class)
class RefusedSessionTest {
  private static final int EVENTS = 10;

  /** Roles are of the whole server, and one that owns something in an older database stays. */
  private static final String ROLE =
      """
      DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'rotating') THEN
          CREATE ROLE rotating SUPERUSER LOGIN;
        END IF;
      END $$
      """;

  private DispatchRig rig;
  private long endpoint;

  private void open(DatabaseUrl url, DatabaseUrl way) {
    rig = new DispatchRig(url, way, Tuning.PLAIN.withoutClaims());
    rig.receiver.answer("/500", Answer.of(500));
    endpoint = rig.endpoint("/500", "standard");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void outcomesOutliveADatabaseThatIsReadOnlyForAWhile(@PerTest DatabaseUrl url) {
    open(url, url);
    List<Event> events = rig.make(EVENTS, endpoint);
    rig.store(events);
    rig.db.readOnly(true);
    int rolledBack = rolledBack();
    rig.handOver(events);
    await().until(() -> rolledBack() > rolledBack + 1);
    rig.db.readOnly(false);
    allWaitForTheirRetry();
  }

  @Test
  void outcomesOutliveAPasswordThatIsWrongForAWhile(@PerTest DatabaseUrl url) throws Exception {
    Sql.execute(url, ROLE);
    rotate(url, "one");
    try (CutableProxy proxy = new CutableProxy(url.port())) {
      open(url, DatabaseUrl.local(proxy.port(), "rotating", new Secret("one"), url.database()));
      List<Event> events = rig.make(EVENTS, endpoint);
      rig.store(events);
      rotate(url, "two");
      rig.db.endSessions();
      int joined = proxy.joined();
      rig.handOver(events);
      await().until(() -> proxy.joined() > joined + 1);
      rotate(url, "one");
      allWaitForTheirRetry();
    }
  }

  @Test
  void anOutcomeThatLosesADeadlockIsWrittenAgain(@PerTest DatabaseUrl url) {
    open(url, url);
    rig.db.execute(
        "CREATE SEQUENCE tries",
        "CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " IF nextval('tries') <= 2 THEN RAISE EXCEPTION 'no' USING ERRCODE = '40P01'; END IF;"
            + " RETURN NEW; END $$",
        "CREATE TRIGGER collide BEFORE INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION collide()");
    rig.send(endpoint);
    await().until(() -> rig.attempts(endpoint), List.of("1:2:500")::equals);
    await().until(() -> rig.settled.get() == 1);
    assertThat(rig.lost()).isZero();
  }

  private void allWaitForTheirRetry() {
    await().until(() -> rig.settled.get() == EVENTS);
    assertThat(rig.count("deferred WHERE attempts = 1")).isEqualTo(EVENTS);
    assertThat(rig.attempts(endpoint)).hasSize(EVENTS).containsOnly("1:2:500");
  }

  private static void rotate(DatabaseUrl url, String password) throws SQLException {
    Sql.execute(url, "ALTER ROLE rotating PASSWORD '%s'".formatted(password));
  }

  private int rolledBack() {
    return Integer.parseInt(
        rig.db
            .column("SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()")
            .getFirst());
  }
}
