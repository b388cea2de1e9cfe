package dev.posthaste.dispatch;

import dev.posthaste.event.PublicId;
import dev.posthaste.event.Reply;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log when an endpoint begins to fail and when it is well again: two lines, however many
 * deliveries fail between, and no more than that in a minute if it cannot make up its mind. Belongs
 * to one event loop.
 */
final class EndpointHealth {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointHealth.class);

  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Nobody tells when an endpoint is deleted. */
  private static final long FORGOTTEN_NANOS = TimeUnit.DAYS.toNanos(1);

  private final Map<Long, Trouble> troubles = new HashMap<>();

  /** Of one endpoint; kept for a while after it is over, so that it is not told again at once. */
  private static final class Trouble {
    private int failures;
    private boolean told;
    private long quietUntilNanos;
    private long failedNanos;
  }

  void succeeded(long endpointId) {
    Trouble trouble = troubles.isEmpty() ? null : troubles.get(endpointId);
    if (trouble == null) {
      return;
    }
    if (trouble.told) {
      LOG.atInfo()
          .addKeyValue("endpoint", PublicId.ENDPOINT.format(endpointId))
          .addKeyValue("failedAttempts", trouble.failures)
          .log("An endpoint takes deliveries again");
    }
    trouble.told = false;
    trouble.failures = 0;
  }

  void failed(long endpointId, long eventId, Reply reply, long nowNanos) {
    Trouble trouble = troubles.get(endpointId);
    if (trouble == null) {
      trouble = new Trouble();
      trouble.quietUntilNanos = nowNanos;
      troubles.put(endpointId, trouble);
    }
    trouble.failures++;
    trouble.failedNanos = nowNanos;
    if (!trouble.told && nowNanos - trouble.quietUntilNanos >= 0) {
      trouble.told = true;
      trouble.quietUntilNanos = nowNanos + QUIET_NANOS;
      LOG.atWarn()
          .addKeyValue("endpoint", PublicId.ENDPOINT.format(endpointId))
          .addKeyValue("event", PublicId.EVENT.format(eventId))
          .addKeyValue("reply", words(reply))
          .log("An endpoint has begun to fail; its deliveries are tried again by its contract");
    }
  }

  /** Endpoints that fail, or have lately. */
  int known() {
    return troubles.size();
  }

  /**
   * Forgets endpoints that have been well for long, or not tried for longer. To be called now and
   * then.
   */
  void sweep(long nowNanos) {
    troubles
        .values()
        .removeIf(
            trouble ->
                nowNanos - trouble.failedNanos >= FORGOTTEN_NANOS
                    || (trouble.failures == 0 && nowNanos - trouble.quietUntilNanos >= 0));
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
