package dev.posthaste.dispatch;

import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Endpoint;
import dev.posthaste.lane.Lane;
import dev.posthaste.registry.Registry;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets lanes follow what becomes of their endpoints. Belongs to one event loop. */
final class ChannelWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelWatch.class);

  private final Lanes lanes;
  private final Channels channels;
  private final Registry registry;

  ChannelWatch(Lanes lanes, Channels channels, Registry registry) {
    this.lanes = lanes;
    this.channels = channels;
    this.registry = registry;
  }

  /**
   * The way to the endpoint of a lane as it is now; if it is another than before, the lane has its
   * limits.
   *
   * @throws IllegalArgumentException if the endpoint cannot be sent to as it stands
   */
  Channel channel(Lane lane, Endpoint endpoint, long now) {
    Channel known = channels.current(endpoint);
    if (known != null) {
      return known;
    }
    boolean anew = channels.beginsAnew(endpoint, lane.breaker().isOpen());
    Channel channel = channels.open(endpoint);
    lanes.allow(lane, endpoint);
    if (anew) {
      lanes.restart(lane, now);
    }
    return channel;
  }

  /** Looks at a lane that starts nothing for as long as its breaker, or its pace, keeps it shut. */
  void review(Lane lane, long now) {
    if (DirectTarget.is(lane.endpointId())) {
      return;
    }
    Optional<Endpoint> endpoint = registry.endpoint(lane.endpointId());
    if (endpoint.isEmpty()) {
      // What still waits for it is discarded once it comes, and then the lane is forgotten.
      channels.forget(lane.endpointId());
      lanes.release(lane, now);
    } else if (channels.hasChanged(endpoint.get())) {
      renew(lane, endpoint.get(), now);
    }
  }

  private void renew(Lane lane, Endpoint endpoint, long now) {
    try {
      channel(lane, endpoint, now);
    } catch (IllegalArgumentException e) {
      LOG.debug("An endpoint has changed and cannot be sent to: {}", e.getMessage());
    }
  }
}
