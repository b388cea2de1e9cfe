package dev.posthaste.dispatch;

import dev.posthaste.event.PublicId;
import dev.posthaste.event.Reply;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log when an endpoint begins to fail and when it is well again: two lines, however many
 * deliveries fail between. Belongs to one event loop.
 */
final class EndpointHealth {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointHealth.class);

  private final Map<Long, Integer> failing = new HashMap<>();

  void succeeded(long endpointId) {
    if (failing.isEmpty()) {
      return;
    }
    Integer failures = failing.remove(endpointId);
    if (failures != null) {
      LOG.atInfo()
          .addKeyValue("endpoint", PublicId.ENDPOINT.format(endpointId))
          .addKeyValue("failedAttempts", failures)
          .log("An endpoint takes deliveries again");
    }
  }

  void failed(long endpointId, long eventId, Reply reply) {
    if (failing.merge(endpointId, 1, Integer::sum) == 1) {
      LOG.atWarn()
          .addKeyValue("endpoint", PublicId.ENDPOINT.format(endpointId))
          .addKeyValue("event", PublicId.EVENT.format(eventId))
          .addKeyValue("reply", words(reply))
          .log("An endpoint has begun to fail; its deliveries are tried again by its contract");
    }
  }

  /** A reply for the log. */
  static String words(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered -> "HTTP " + answered.status();
      case Reply.Unanswered unanswered ->
          unanswered.reason().code() + " (" + unanswered.detail() + ")";
    };
  }
}
