package dev.posthaste.telemetry;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Event;
import io.micrometer.core.instrument.Counter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;

/**
 * Counts by tenant, in series of their own: what is measured without them stays as it is. Only if
 * the settings ask for it, since each tenant adds series. For any event loop.
 */
final class TenantMeters {
  private final Meters meters;
  private final LongFunction<String> names;
  private final Map<Long, Counter> accepted = new ConcurrentHashMap<>();
  private final Map<Attempt.Outcome, Map<Long, Counter>> attempts = new ConcurrentHashMap<>();

  TenantMeters(Meters meters, LongFunction<String> names) {
    this.meters = meters;
    this.names = names;
    for (Attempt.Outcome outcome : Attempt.Outcome.values()) {
      attempts.put(outcome, new ConcurrentHashMap<>());
    }
  }

  void accepted(Event event) {
    accepted
        .computeIfAbsent(
            event.tenantId(),
            id ->
                meters.counter(
                    "tenant.events.accepted",
                    "Events that were committed, by tenant, repeats among them.",
                    "tenant",
                    names.apply(id)))
        .increment();
  }

  void attempted(long tenantId, Attempt.Outcome outcome) {
    attempts
        .get(outcome)
        .computeIfAbsent(
            tenantId,
            id ->
                meters.counter(
                    "tenant.attempts",
                    "Attempts that have ended, by tenant and outcome.",
                    "tenant",
                    names.apply(id),
                    "outcome",
                    lower(outcome)))
        .increment();
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
