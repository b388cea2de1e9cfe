package dev.posthaste.contract;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * When an endpoint that only fails is disabled. Failures are deliveries that failed for good, over
 * all event types; one success starts the count anew. A rule without limits never disables.
 *
 * @param afterFailures this many in a row
 * @param afterFailingFor this long without a success, from the first failure on
 * @param announcement the event type that tells the tenant's other endpoints
 */
public record DisableRule(
    OptionalInt afterFailures, Optional<Duration> afterFailingFor, Optional<String> announcement) {
  static final DisableRule NEVER =
      new DisableRule(OptionalInt.empty(), Optional.empty(), Optional.empty());

  /**
   * Whether it is time.
   *
   * @param consecutiveFailures deliveries failed since the last success
   * @param failingFor from the first failure after the last success until now
   */
  public boolean disables(int consecutiveFailures, Duration failingFor) {
    if (consecutiveFailures == 0) {
      return false;
    }
    return (afterFailures.isPresent() && consecutiveFailures >= afterFailures.getAsInt())
        || afterFailingFor.filter(limit -> failingFor.compareTo(limit) >= 0).isPresent();
  }
}
