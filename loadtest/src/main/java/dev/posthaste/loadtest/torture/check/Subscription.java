package dev.posthaste.loadtest.torture.check;

import java.util.List;
import java.util.OptionalLong;

/**
 * An endpoint of the run and what happened to it.
 *
 * @param takesAll whether it takes every event in the end; otherwise it refuses some for good
 * @param waits of its retry schedule, in milliseconds, growing
 * @param off when nothing was to come: from the answer that disabled or deleted it to the request
 *     that enabled it
 * @param blurred when it may or may not have been a target: the requests that changed it, each with
 *     the time after it in which a node may not know
 * @param deletedMicros when the deletion was answered
 */
public record Subscription(
    String name,
    String endpointId,
    String eventType,
    boolean takesAll,
    List<Long> waits,
    Order order,
    List<Span> off,
    List<Span> blurred,
    OptionalLong deletedMicros) {
  /** Which order its deliveries keep. */
  public enum Order {
    NONE,
    FIFO,
    BY_CASE
  }

  /** Whether nobody changed it during the run. */
  public boolean isStable() {
    return off.isEmpty() && blurred.isEmpty();
  }

  /** Whether an event is surely for it. */
  public boolean surelyTargeted(Acceptance event) {
    Span span = new Span(event.sentMicros(), event.acceptedMicros());
    return isTyped(event)
        && off.stream().noneMatch(span::meets)
        && blurred.stream().noneMatch(span::meets);
  }

  /** Whether an event may be for it. */
  public boolean possiblyTargeted(Acceptance event) {
    Span span = new Span(event.sentMicros(), event.acceptedMicros());
    return isTyped(event)
        && (blurred.stream().anyMatch(span::meets) || off.stream().noneMatch(o -> o.covers(span)));
  }

  private boolean isTyped(Acceptance event) {
    return eventType.equals(event.eventType());
  }
}
