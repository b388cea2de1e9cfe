package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.IngestSettings;
import dev.posthaste.support.CutableProxy;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Sql;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The way in while the database is slow, away, or comes and goes. */
@ExtendWith(PostgresExtension.class)
class IngestTroubleTest {
  private static final String EVENT = "{\"type\":\"order.paid\",\"data\":1}";

  /** PostgreSQL itself raises what it raises when it cannot extend a file. */
  private static final String FULL_DISK =
      """
      CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$
      """;

  private static final String FULL_DISK_TRIGGER =
      "CREATE TRIGGER full_disk BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION full_disk()";

  @Test
  void whatIsOverTheQueueIsRefusedWithAWordWhenToComeAgain(@PerTest DatabaseUrl url)
      throws SQLException {
    IngestSettings narrow =
        new IngestSettings(1_000, 60_000, 4, 4, 1_000, 4, 1, Duration.ZERO, Duration.ofHours(1), 0);
    try (IngestRig rig = new IngestRig(url, url, narrow);
        Connection blocker = Sql.connect(url);
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("LOCK TABLE event IN SHARE MODE");
      List<CompletableFuture<HttpResponse<String>>> taken = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        taken.add(rig.start(rig.request("/events"), EVENT));
      }
      IngestVerticleTest.awaitBlocked(rig);
      Awaitility.await().until(() -> rig.post(EVENT).statusCode() == 429);
      HttpResponse<String> refused = rig.post(EVENT);
      assertThat(refused.headers().firstValue("retry-after")).isPresent();
      blocker.rollback();
      taken.forEach(answer -> assertThat(answer.join().statusCode()).isIn(202, 429));
      assertThat(taken.stream().filter(answer -> answer.join().statusCode() == 202)).isNotEmpty();
      Awaitility.await().until(() -> rig.post(EVENT).statusCode() == 202);
    }
  }

  @Test
  void whileTheDatabaseIsAwayItSaysSoAndComesBackByItself(@PerTest DatabaseUrl url)
      throws IOException {
    try (CutableProxy proxy = new CutableProxy(url.port());
        IngestRig rig = new IngestRig(url, through(proxy, url), IngestRig.SETTINGS)) {
      assertThat(rig.post(EVENT).statusCode()).isEqualTo(202);
      proxy.cut();
      for (int i = 0; i < 50; i++) {
        HttpResponse<String> away = rig.post(EVENT);
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("retry-after")).isPresent();
      }
      proxy.restore();
      Awaitility.await().until(() -> rig.post(EVENT).statusCode() == 202);
      long stored = Long.parseLong(rig.db.column("SELECT count(*) FROM event").getFirst());
      Awaitility.await().until(() -> rig.handedOver.size() == stored);
    }
  }

  @Test
  void whatWasCommittedThoughTheConnectionWasLostIsDeliveredAllTheSame(@PerTest DatabaseUrl url)
      throws IOException, SQLException {
    try (CutableProxy proxy = new CutableProxy(url.port());
        IngestRig rig = new IngestRig(url, through(proxy, url), IngestRig.SETTINGS)) {
      assertThat(rig.post(EVENT).statusCode()).isEqualTo(202);
      rig.handedOver.forEach(delivery -> delivery.settlement().settled());
      CompletableFuture<HttpResponse<String>> answer;
      try (Connection blocker = Sql.connect(url);
          Statement statement = blocker.createStatement()) {
        blocker.setAutoCommit(false);
        statement.execute("LOCK TABLE event IN SHARE MODE");
        answer = rig.start(rig.request("/events"), EVENT);
        IngestVerticleTest.awaitBlocked(rig);
        proxy.cut();
        assertThat(answer.join().statusCode()).isEqualTo(503);
        blocker.rollback();
      }
      proxy.restore();
      Awaitility.await()
          .until(
              () -> rig.db.column("SELECT event_id FROM deferred"),
              deferred -> deferred.size() == 1);
      assertThat(rig.handedOver).hasSize(1);
      long doubtful = Long.parseLong(rig.db.column("SELECT event_id FROM deferred").getFirst());
      assertThat(rig.db.column("SELECT max(id) FROM event")).containsExactly("" + doubtful);
      Awaitility.await().until(() -> rig.settledBelow() > doubtful);
    }
  }

  @Test
  void aFullDiskIsReportedAs503AndNothingIsAccepted(@PerTest DatabaseUrl url) throws Exception {
    try (IngestRig rig = new IngestRig(url, url, IngestRig.SETTINGS)) {
      rig.post(EVENT);
      Sql.execute(url, FULL_DISK, FULL_DISK_TRIGGER);
      HttpResponse<String> refused = rig.post(EVENT);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).isPresent();
      assertThat(refused.body()).contains("out of disk space").contains("nothing was accepted");
      Sql.execute(url, "DROP TRIGGER full_disk ON event");
      assertThat(rig.post(EVENT).statusCode()).isEqualTo(202);
      assertThat(rig.db.column("SELECT count(*) FROM event")).containsExactly("2");
    }
  }

  @Test
  void whileTheDatabaseMayOnlyBeReadItSaysSoAndComesBackByItself(@PerTest DatabaseUrl url) {
    try (IngestRig rig = new IngestRig(url, url, IngestRig.SETTINGS)) {
      assertThat(rig.post(EVENT).statusCode()).isEqualTo(202);
      rig.db.readOnly(true);
      for (int i = 0; i < 10; i++) {
        HttpResponse<String> refused = rig.post(EVENT);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
      }
      rig.db.readOnly(false);
      Awaitility.await().until(() -> rig.post(EVENT).statusCode() == 202);
      long stored = Long.parseLong(rig.db.column("SELECT count(*) FROM event").getFirst());
      Awaitility.await().until(() -> rig.handedOver.size() == stored);
      rig.handedOver.forEach(delivery -> delivery.settlement().settled());
      long newest = Long.parseLong(rig.db.column("SELECT max(id) FROM event").getFirst());
      Awaitility.await().until(() -> rig.settledBelow() > newest);
    }
  }

  private static DatabaseUrl through(CutableProxy proxy, DatabaseUrl url) {
    return DatabaseUrl.local(proxy.port(), url.user(), url.password(), url.database());
  }
}
