package dev.posthaste.dispatch;

import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class DeferredClaimerTest {
  private static final int EVENTS = 30;

  /** More than it may hold of one endpoint, which is half of a lane. */
  private static final Tuning NARROW = Tuning.PLAIN.lane(20, 16);

  @Test
  void whatItLeftAloneDoesNotKeepItFromTheEndpointLater(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, NARROW)) {
      long unknown = 88L << 22;
      rig.registryIsStale = true;
      rig.deferRetries(EVENTS, unknown);
      await().until(() -> rig.count("deferred WHERE leased_by IS NOT NULL") == EVENTS);
      rig.registryIsStale = false;
      rig.enable(unknown, "/new", "standard");
      rig.db.execute("UPDATE deferred SET leased_by = NULL, leased_until = NULL");
      await().until(() -> rig.count("deferred") == 0);
      await().until(() -> rig.receiver.received("/new").size() == EVENTS);
    }
  }
}
