package dev.posthaste.store;

import dev.posthaste.settings.DatabaseSettings;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.TestVertx;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class LongRecoveryTest {
  private static final DatabaseSettings BRIEF =
      new DatabaseSettings(Optional.empty(), 2, Duration.ofSeconds(5), Duration.ofSeconds(1));

  /** One second for a statement, and five more for silence. */
  @Test
  void itMayTakeLongerThanASilenceThatEndsOtherConnections(DatabaseUrl url) {
    Vertx vertx = TestVertx.create();
    Database database = new Database(vertx, url, BRIEF);
    Await.value(
        database
            .recoveries()
            .withTransaction(
                tx ->
                    tx.query("SET LOCAL statement_timeout = 0")
                        .execute()
                        .compose(set -> tx.query("SELECT pg_sleep(8)").execute())));
    Await.value(database.close());
    Await.value(vertx.close());
  }
}
