package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.CutableProxy;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The connection breaks while PostgreSQL commits, which a trigger makes slow. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertainTransactionTest {
  private CutableProxy proxy;
  private TestDatabase db;
  private HealthStore store;

  @BeforeAll
  void open(DatabaseUrl url) {
    proxy = new CutableProxy(url.port());
    DatabaseUrl way =
        new DatabaseUrl(
            url.host(),
            proxy.port(),
            url.user(),
            url.password(),
            url.database(),
            url.sslMode(),
            Optional.empty());
    db = new TestDatabase(url, way);
    store = new HealthStore(db.database(), OwnEvents.ofNobody(db.database()));
    db.execute(
        "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1);"
            + " RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT OR UPDATE ON endpoint_health DEFERRABLE"
            + " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle()");
  }

  @BeforeEach
  void restore() {
    proxy.restore();
  }

  @AfterAll
  void close() throws Exception {
    proxy.restore();
    db.close();
    proxy.close();
  }

  /** Begins to add to the count of an endpoint, and comes back while the commit is under way. */
  private Future<Void> commitUnderWay(long endpoint) {
    Future<Void> added = store.addMissed(Map.of(endpoint, 1L));
    await()
        .until(
            () ->
                !db.column(
                        "SELECT pid FROM pg_stat_activity WHERE query = 'COMMIT' AND state ="
                            + " 'active'")
                    .isEmpty());
    return added;
  }

  private String missed(long endpoint) {
    return db.column(
            "SELECT coalesce(max(missed), 0) FROM endpoint_health WHERE endpoint_id = " + endpoint)
        .getFirst();
  }

  @Test
  void whatWasCommittedWithoutAWordIsKnownToBeDone() {
    Future<Void> added = commitUnderWay(1);
    proxy.cut();
    await().until(() -> missed(1), "1"::equals);
    proxy.restore();
    Await.value(added);
    assertThat(missed(1)).isEqualTo("1");
  }

  @Test
  void whatWasRolledBackWithoutAWordIsKnownToBeUndone() {
    Future<Void> added = commitUnderWay(2);
    proxy.cut();
    endCommitting();
    proxy.restore();
    Await.failure(added);
    assertThat(missed(2)).isEqualTo("0");
  }

  private void endCommitting() {
    db.column(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT' AND state ="
            + " 'active'");
  }

  @Test
  void whatPostgresEndsInItsCommitIsInDoubtUntilPostgresSaysWhatBecameOfIt() {
    Future<Void> added = commitUnderWay(3);
    endCommitting();
    Throwable ended = Await.failure(added);
    assertThat(StoreTrouble.isInDoubt(ended)).isTrue();
    assertThat(missed(3)).isEqualTo("0");
  }
}
