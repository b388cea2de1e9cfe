package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Reply;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of each delivery that has failed for good at a destination which its event brought:
 * there is no endpoint whose state could tell. So many lines in a second, and then how many were
 * left out. Belongs to one event loop.
 */
final class DirectFailures {
  private static final Logger LOG = LoggerFactory.getLogger(DirectFailures.class);
  private static final int LINES_PER_SECOND = 10;
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private long sinceNanos = System.nanoTime() - SECOND_NANOS;
  private int lines;
  private long leftOut;

  /** The delivery is over and was not taken. */
  void failed(Delivery delivery, Channel channel, Reply reply) {
    begin(System.nanoTime());
    if (lines == LINES_PER_SECOND) {
      leftOut++;
      return;
    }
    lines++;
    LOG.atWarn()
        .addKeyValue("event", PublicId.EVENT.format(delivery.event().id()))
        .addKeyValue("target", DirectTarget.name(delivery.endpointId()))
        .addKeyValue("url", channel.target().redacted())
        .addKeyValue("attempts", delivery.attempts() + 1)
        .addKeyValue("reply", EndpointHealth.words(reply))
        .log("A delivery to the destination that its event brought has failed; it is dropped");
  }

  private void begin(long now) {
    if (now - sinceNanos < SECOND_NANOS) {
      return;
    }
    if (leftOut > 0) {
      LOG.atWarn()
          .addKeyValue("deliveries", leftOut)
          .log("More deliveries to destinations that events brought have failed and are dropped");
    }
    sinceNanos = now;
    lines = 0;
    leftOut = 0;
  }
}
