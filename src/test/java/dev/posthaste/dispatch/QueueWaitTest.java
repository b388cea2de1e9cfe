package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Endpoint.RateLimit;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How long deliveries that have been in the table waited for their turn. */
@ExtendWith(PostgresExtension.class)
class QueueWaitTest {
  private static final int RETRIES = 5;

  /** The second has to wait for a second, the third for two, and so on. */
  private static final long PACED_MILLIS = 1_000 + 2_000 + 3_000 + 4_000;

  /** Less the parts of a millisecond that each lacks. */
  private static final long SLACK_MILLIS = 3 * RETRIES;

  @Test
  void aRetryWaitsSinceItWasDueHoweverOftenItGoesBackToTheTable(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.hold(Duration.ofSeconds(1)))) {
      long endpoint = pacedEndpoint(rig);
      rig.deferRetries(RETRIES, endpoint);
      rig.db.execute("UPDATE deferred SET due_at = now()");
      assertThat(waitedMillis(rig)).isGreaterThanOrEqualTo(PACED_MILLIS - SLACK_MILLIS);
      assertThat(rig.parked.get()).as("went back").isPositive();
    }
  }

  @Test
  void whatWasDueBeforeAnythingCouldGoDoesNotWaitUntilThen(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long endpoint = pacedEndpoint(rig);
      rig.deferRetries(RETRIES, endpoint);
      rig.db.execute("UPDATE deferred SET due_at = now() - interval '1 d'");
      assertThat(waitedMillis(rig)).isLessThan(Duration.ofDays(1).toMillis());
    }
  }

  /** One a second, and not yet to be sent to. */
  private static long pacedEndpoint(DispatchRig rig) {
    long endpoint = rig.endpoint("/paced", "standard");
    rig.change(endpoint, Optional.of(new RateLimit(1, 1)), Optional.empty());
    rig.store(endpoint, Endpoint.Status.DISABLED);
    return endpoint;
  }

  /** Of all retries together, once they have been made. */
  private static long waitedMillis(DispatchRig rig) {
    rig.db.execute("UPDATE endpoint SET status = 1");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> rig.count("attempt WHERE outcome = 1") == RETRIES);
    assertThat(rig.waitedMillis).hasSize(RETRIES);
    return rig.waitedMillis.stream().mapToLong(Long::longValue).sum();
  }
}
