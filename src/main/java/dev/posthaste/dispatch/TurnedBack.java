package dev.posthaste.dispatch;

import dev.posthaste.contract.MissedPolicy;
import dev.posthaste.event.Deferral.Reason;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.PublicId;
import dev.posthaste.lane.Lane;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of deliveries that were taken into flight and are not sent. Of one event loop. */
final class TurnedBack {
  /** When a delivery is looked at again whose endpoint cannot be sent to as it stands. */
  static final Duration BLOCKED_FOR = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(TurnedBack.class);

  private final Lanes lanes;
  private final Channels channels;
  private final Outcomes outcomes;

  TurnedBack(Lanes lanes, Channels channels, Outcomes outcomes) {
    this.lanes = lanes;
    this.channels = channels;
    this.outcomes = outcomes;
  }

  /** Others may deliver its key by now, or before an attempt would be over. */
  void giveBack(Lane lane, Delivery delivery, long now) {
    unsent(lane, delivery, now);
    outcomes.park(delivery, Duration.ZERO, Reason.ORDER);
  }

  /** The endpoint was deleted while the delivery waited; nothing holds back what else waits. */
  void discard(Lane lane, Delivery delivery, long now) {
    channels.forget(delivery.endpointId());
    lanes.release(lane, now);
    unsent(lane, delivery, now);
    outcomes.discard(delivery);
  }

  /** The endpoint is disabled: what waits in its lane has nothing to wait for. */
  void miss(Lane lane, Delivery delivery, MissedPolicy policy, long now) {
    unsent(lane, delivery, now);
    Consumer<Delivery> end =
        policy == MissedPolicy.DROPPED
            ? outcomes::discard
            : missed -> outcomes.park(missed, Reason.DISABLED);
    end.accept(delivery);
    lanes.empty(lane, end);
    lanes.changed(lane, now);
  }

  /** The endpoint was disabled while the delivery waited, and does not want it any more. */
  void drop(Lane lane, Delivery delivery, long now) {
    unsent(lane, delivery, now);
    outcomes.discard(delivery);
  }

  /** The endpoint cannot be sent to until somebody mends its settings. */
  void block(Lane lane, Delivery delivery, String why) {
    unsent(lane, delivery, System.nanoTime());
    LOG.atError()
        .addKeyValue("endpoint", DirectTarget.name(delivery.endpointId()))
        .addKeyValue("event", PublicId.EVENT.format(delivery.event().id()))
        .addKeyValue("cause", why)
        .log("An endpoint cannot be sent to; its delivery waits for the settings to be mended");
    outcomes.park(delivery, BLOCKED_FOR, Reason.UNSENDABLE);
    lanes.empty(lane, waiting -> outcomes.park(waiting, BLOCKED_FOR, Reason.UNSENDABLE));
    lanes.changed(lane, System.nanoTime());
  }

  private void unsent(Lane lane, Delivery delivery, long now) {
    lanes.ended(lane, delivery);
    if (lane.breaker().isProbing()) {
      lane.breaker().probeLost(now);
    }
    lanes.changed(lane, now);
  }
}
