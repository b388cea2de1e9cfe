package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.posthaste.event.Deferral;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.TestDatabase;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How much waits in the cluster, and for how long. */
@ExtendWith(PostgresExtension.class)
class BacklogTest {
  private static final long ACTIVE = 1;
  private static final long DISABLED = 2;
  private TestDatabase db;

  @BeforeEach
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    db.clear();
    db.execute(
        "DELETE FROM node",
        "INSERT INTO account (id, name) VALUES (1, 'a') ON CONFLICT DO NOTHING",
        "INSERT INTO tenant (id, account_id, uid, name, contract) VALUES (1, 1, 't', 't', 'c')"
            + " ON CONFLICT DO NOTHING",
        "INSERT INTO endpoint (id, tenant_id, url, event_type_filters, status) VALUES"
            + " (1, 1, 'u', '{*}', 1), (2, 1, 'u', '{*}', 2) ON CONFLICT DO NOTHING");
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void nothingWaitsInAnEmptyTable() {
    Backlog.Look look = look();
    assertThat(look.depths()).isEmpty();
    assertThat(look.oldestAcceptedAtMillis()).isEmpty();
    assertThat(look.overdueSeconds()).isZero();
    assertThat(look.liveNodes()).isZero();
  }

  @Test
  void whatWaitsIsCountedByReasonAndAgesButNotForADisabledEndpoint() {
    defer(DISABLED, 100_000, 5, "7", "now() - interval '1 hour'");
    defer(ACTIVE, 200_000, 3, "1", "now() - interval '20 s'");
    defer(ACTIVE, 300_000, 2, "3", "now() + interval '1 hour'");
    db.execute("INSERT INTO node VALUES (0, 1, now(), 0, true), (1, 1, now(), 0, false)");
    Backlog.Look look = look();
    assertThat(look.depths())
        .containsEntry(Deferral.Reason.DISABLED, 5L)
        .containsEntry(Deferral.Reason.RETRY, 3L)
        .containsEntry(Deferral.Reason.LANE_FULL, 2L);
    assertThat(look.oldestAcceptedAtMillis()).hasValue(millis(200_000));
    assertThat(look.overdueSeconds()).isCloseTo(20, within(10.0));
    assertThat(look.liveNodes()).isEqualTo(1);
  }

  @Test
  void whatWaitsForTheDestinationOfAnEventCounts() {
    defer(-5, 100_000, 1, "1", "now() - interval '20 s'");
    Backlog.Look look = look();
    assertThat(look.oldestAcceptedAtMillis()).hasValue(millis(100_000));
    assertThat(look.overdueSeconds()).isCloseTo(20, within(10.0));
  }

  @Test
  void aLeasedDeliveryIsNotOverdueButNotDeliveredEither() {
    defer(ACTIVE, 200_000, 1, "1", "now() - interval '20 s'");
    db.execute("UPDATE deferred SET leased_by = 0, leased_until = now() + interval '1 min'");
    Backlog.Look look = look();
    assertThat(look.overdueSeconds()).isZero();
    assertThat(look.oldestAcceptedAtMillis()).hasValue(millis(200_000));
  }

  @Test
  void aLargeTableIsEstimatedFromAFewOfItsPages() {
    defer(ACTIVE, 100_000, 200_000, "CASE WHEN g % 4 = 0 THEN 1 ELSE 3 END", "now()");
    db.execute("VACUUM ANALYZE deferred");
    Backlog.Look look = look();
    assertThat(look.depths().get(Deferral.Reason.RETRY))
        .isCloseTo(50_000L, Percentage.withPercentage(20));
    assertThat(look.depths().get(Deferral.Reason.LANE_FULL))
        .isCloseTo(150_000L, Percentage.withPercentage(20));
    assertThat(look.oldestAcceptedAtMillis()).hasValue(millis(100_000));
    String plan =
        String.join("\n", db.column("EXPLAIN (ANALYZE, BUFFERS, SUMMARY OFF) " + Backlog.LOOK));
    assertThat(plan).contains("Sample Scan").doesNotContain("Seq Scan on deferred");
  }

  @Test
  void manyRowsOfDisabledEndpointsBoundTheAgeOfWhatLiesBehindThem() {
    defer(DISABLED, 100_000, 10_500, "7", "now() - interval '1 hour'");
    defer(ACTIVE, 900_000, 1, "1", "now()");
    assertThat(look().oldestAcceptedAtMillis().orElseThrow())
        .isBetween(millis(100_000), millis(900_000));
    assertThat(look().overdueSeconds()).isPositive();
  }

  private Backlog.Look look() {
    return Await.value(new Backlog(db.database()).look());
  }

  private static long millis(long firstMillis) {
    return dev.posthaste.event.IdGenerator.millisOf(firstMillis << 22);
  }

  /** Events accepted one after the other, in different milliseconds. */
  private void defer(long endpoint, long firstMillis, int rows, String reason, String due) {
    db.execute(
        "INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, reason) SELECT (("
            + firstMillis
            + " + g)::bigint << 22), "
            + endpoint
            + ", 0, "
            + due
            + ", 1, "
            + reason
            + " FROM generate_series(0, "
            + (rows - 1)
            + ") g");
  }
}
