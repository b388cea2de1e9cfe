package dev.posthaste.dispatch;

import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Reply;
import dev.posthaste.lane.Lane;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a lane what a reply says of its endpoint, whatever becomes of the delivery, and lets the
 * lane follow when its breaker opens or closes. Belongs to one event loop.
 */
final class BreakerWatch {
  private static final Logger LOG = LoggerFactory.getLogger(BreakerWatch.class);

  private final Lanes lanes;
  private final Clock clock;

  BreakerWatch(Lanes lanes, Clock clock) {
    this.lanes = lanes;
    this.clock = clock;
  }

  /**
   * An attempt has ended.
   *
   * @param startedNanos when it began
   * @param isProbe of a breaker that was open
   */
  void learn(Lane lane, long startedNanos, boolean isProbe, Reply reply) {
    long now = System.nanoTime();
    lane.learn(startedNanos, now, Judge.isOverload(reply));
    switch (Judge.sign(reply)) {
      case WELL -> well(lane, now);
      case FAILS -> fails(lane, now, isProbe, Judge.floorNanos(reply, clock.instant()));
      case NOTHING -> {
        if (isProbe) {
          lane.breaker().probeLost(now);
        }
      }
    }
  }

  private void well(Lane lane, long now) {
    if (lane.breaker().isOpen()) {
      LOG.atInfo()
          .addKeyValue("endpoint", DirectTarget.name(lane.endpointId()))
          .log("An endpoint answers again; what waits for it goes out, slowly at first");
      lanes.restart(lane, now);
    } else {
      lane.breaker().succeeded();
    }
  }

  private void fails(Lane lane, long now, boolean isProbe, long floorNanos) {
    if (lane.breaker().failed(now, floorNanos, isProbe)) {
      LOG.atWarn()
          .addKeyValue("endpoint", DirectTarget.name(lane.endpointId()))
          .log("An endpoint only fails; its deliveries wait in the table while one probes");
      lanes.opened(lane, now);
    }
  }
}
