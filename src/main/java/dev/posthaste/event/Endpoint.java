package dev.posthaste.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A URL of a tenant that wants events.
 *
 * @param uid the tenant's own name for it
 * @param eventTypeFilters at least one; an event passes if any of them matches
 * @param keyScopes scopes of the key that created it; empty means all. It never gets an event type
 *     whose scope is not among them
 * @param contract overrides the tenant's
 * @param headers sent with every delivery
 * @param maxConcurrency the most deliveries in flight at once, over the node's default
 * @param ordering none: deliveries go as they come, many at once
 * @param retryDelays waits after each failure, instead of the contract's schedule
 * @param traceContext whether the W3C trace context of the event goes out with its deliveries
 * @param secrets the current one first
 * @param consecutiveFailures deliveries failed for good since the last success, as of when it was
 *     read
 * @param missedEvents that it would have got while it was disabled, as of when it was read
 * @param droppedBefore when it was last enabled under a contract that drops what is missed, by the
 *     clock of the database: what waited then is not delivered
 */
public record Endpoint(
    long id,
    long tenantId,
    Optional<String> uid,
    String url,
    Optional<String> description,
    List<EventFilter> eventTypeFilters,
    ResourceScopes resourceScopes,
    Optional<Set<String>> keyScopes,
    Status status,
    Optional<String> disabledReason,
    Optional<String> contract,
    Map<String, String> headers,
    Optional<RateLimit> rateLimit,
    Optional<Integer> maxConcurrency,
    Optional<Ordering> ordering,
    Optional<List<Duration>> retryDelays,
    boolean traceContext,
    List<SigningSecret> secrets,
    int consecutiveFailures,
    Optional<Instant> lastFailureAt,
    long missedEvents,
    Optional<Instant> droppedBefore,
    Instant createdAt,
    Instant updatedAt,
    Map<String, String> metadata) {

  /** Whether deliveries go out. */
  public enum Status {
    ACTIVE(1),
    /** By its owner. */
    DISABLED(2),
    /** By its contract: too many failures, or 410 Gone. */
    AUTO_DISABLED(3);

    private final int number;

    Status(int number) {
      this.number = number;
    }

    /** Its number in the endpoint table. */
    public int number() {
      return number;
    }

    public static Status of(int number) {
      return values()[number - 1];
    }

    /** Its name in the API. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** At most {@code count} attempts in any {@code perSeconds}. */
  public record RateLimit(int count, int perSeconds) {}

  /** Whether it is none that was created, but made from the destination of an event. */
  public boolean isDirect() {
    return DirectTarget.is(id);
  }

  /**
   * Whether the delivery was there before the endpoint was enabled again, and its contract drops
   * that. Ids of events say nothing of it: they are as wrong as the clocks of the nodes.
   */
  public boolean hasDropped(Delivery delivery) {
    return droppedBefore.filter(delivery::waitedAt).isPresent();
  }

  /** Whether events of the type go to this endpoint, leaving status and resource scopes aside. */
  public boolean wantsType(String type, Optional<EventType> entry) {
    return eventTypeFilters.stream().anyMatch(filter -> filter.matches(type))
        && mayReceive(entry.flatMap(EventType::scope));
  }

  private boolean mayReceive(Optional<String> scope) {
    return scope.isEmpty() || keyScopes.isEmpty() || keyScopes.get().contains(scope.get());
  }
}
