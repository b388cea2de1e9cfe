package dev.posthaste.api;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.StatsStore;
import dev.posthaste.store.StatsStore.Stats;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How an endpoint fares, in numbers. */
final class StatsActions {
  private static final Duration DEFAULT_WINDOW = Duration.ofDays(1);
  private static final List<String> PERCENTILES = List.of("p50", "p95", "p99");
  private static final double MICROS_PER_MILLI = 1_000;
  private static final double MILLIS_PER_SECOND = 1_000;

  private final EndpointStore endpoints;
  private final StatsStore stats;
  private final Clock clock;

  StatsActions(ApiParts parts) {
    this.endpoints = parts.stores().endpoints();
    this.stats = parts.stores().readers().stats();
    this.clock = parts.clock();
  }

  Map<String, Action> byOperation() {
    return Map.of("getEndpointStats", this::answer);
  }

  private Future<ApiAnswer> answer(ApiCall call) {
    long until = TimeRange.millis(call, "until").orElseGet(clock::millis);
    long since = TimeRange.millis(call, "since").orElse(until - DEFAULT_WINDOW.toMillis());
    if (since >= until) {
      throw TimeRange.invalid("since", "must be before until, which is now if it is left out");
    }
    return OwnEndpoint.find(endpoints, call)
        .compose(
            endpoint ->
                stats.count(
                    call.tenant().id(),
                    endpoint,
                    IdGenerator.lowestAt(since),
                    IdGenerator.lowestAt(until) - 1))
        .map(counted -> ApiAnswer.ok(new JsonObject().put("stats", view(counted, since, until))));
  }

  private JsonObject view(Stats counted, long since, long until) {
    JsonObject attempts = new JsonObject();
    for (Attempt.Outcome outcome : Attempt.Outcome.values()) {
      attempts.put(outcome.name().toLowerCase(Locale.ROOT), counted.byOutcome().get(outcome));
    }
    return new JsonObject()
        .put("since", Times.text(since))
        .put("until", Times.text(until))
        .put("countedSince", Times.textOrNull(counted.countedSince()))
        .put("attempts", attempts)
        .put("latencyMs", latency(counted.latencyMicros()))
        .put("oldestPendingSeconds", counted.oldestPending().map(this::age).orElse(null));
  }

  private double age(long eventId) {
    return Math.max(0, clock.millis() - IdGenerator.millisOf(eventId)) / MILLIS_PER_SECOND;
  }

  private static JsonObject latency(List<Integer> micros) {
    JsonObject latency = new JsonObject();
    for (int i = 0; i < PERCENTILES.size(); i++) {
      Optional<Integer> value = micros.isEmpty() ? Optional.empty() : Optional.of(micros.get(i));
      latency.put(PERCENTILES.get(i), value.map(one -> one / MICROS_PER_MILLI).orElse(null));
    }
    return latency;
  }
}
