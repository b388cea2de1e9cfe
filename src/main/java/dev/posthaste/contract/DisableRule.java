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

  /**
   * How far an endpoint is on the way to being disabled, by failures or by time, whichever is
   * further.
   *
   * @return 0 to 100 percent, 100 exactly when {@link #disables}; empty if the rule never disables
   */
  public OptionalInt progressPercent(int consecutiveFailures, Duration failingFor) {
    if (afterFailures.isEmpty() && afterFailingFor.isEmpty()) {
      return OptionalInt.empty();
    }
    if (disables(consecutiveFailures, failingFor)) {
      return OptionalInt.of(100);
    }
    long byCount =
        afterFailures.isPresent() ? 100L * consecutiveFailures / afterFailures.getAsInt() : 0;
    long byTime =
        afterFailingFor.map(limit -> 100 * failingFor.toSeconds() / limit.toSeconds()).orElse(0L);
    return OptionalInt.of(Math.clamp(Math.max(byCount, byTime), 0, 99));
  }
}
