package dev.posthaste.alert;

import dev.posthaste.contract.DisableRule;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.PublicId;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.HealthStore;
import dev.posthaste.store.HealthStore.Recovered;
import dev.posthaste.store.HealthStore.Standing;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what follows from how an endpoint stands: a word to the operators, or its end. Harmless
 * when asked again, and on several nodes: the table decides who acts. For any event loop.
 */
final class Verdicts {
  private static final Logger LOG = LoggerFactory.getLogger(Verdicts.class);
  private static final int[] STEPS = {100, 90, 70, 50};

  /** Of an endpoint that is never disabled operators hear once, after this many in a row. */
  private static final int ENOUGH = 10;

  private final HealthStore store;
  private final Registry registry;
  private final ContractOf contractOf;
  private final AlertEvents events;
  private final Disabler disabler;
  private final Clock clock;

  Verdicts(Alerts.Parts parts, HealthStore store, AlertEvents events, Disabler disabler) {
    this.store = store;
    this.registry = parts.registry();
    this.contractOf = new ContractOf(parts.registry(), parts.contracts());
    this.events = events;
    this.disabler = disabler;
    this.clock = parts.clock();
  }

  /** Acts on it. What cannot be done is logged, and done when the endpoint has failed again. */
  Future<Void> on(Standing standing) {
    Optional<Endpoint> endpoint =
        registry
            .endpoint(standing.endpointId())
            .filter(known -> known.status() == Endpoint.Status.ACTIVE);
    Optional<DisableRule> rule =
        endpoint.flatMap(contractOf::endpoint).map(contract -> contract.disable());
    if (rule.isEmpty() || standing.failingSince().isEmpty()) {
      return Future.succeededFuture();
    }
    return announce(endpoint.get(), standing, rule.get())
        .compose(v -> disable(standing, rule.get()))
        .recover(e -> failed(standing, e));
  }

  private Future<Void> announce(Endpoint endpoint, Standing standing, DisableRule rule) {
    OptionalInt percent =
        rule.progressPercent(standing.consecutiveFailures(), failingFor(standing));
    int step = percent.isPresent() ? stepOf(percent.getAsInt()) : onlyStep(standing);
    boolean wanted =
        events.isWanted(AlertType.DELIVERY_FAILING)
            || events.isWanted(AlertType.DELIVERY_RECOVERED);
    if (step <= standing.announcedPercent() || !wanted || events.isOperators(endpoint)) {
      return Future.succeededFuture();
    }
    JsonObject details = details(standing, rule).put("percent", percent.isPresent() ? step : null);
    List<Event> told = events.forOperators(AlertType.DELIVERY_FAILING, endpoint, details);
    return store.announce(endpoint.id(), step, told).mapEmpty();
  }

  private static int onlyStep(Standing standing) {
    return standing.consecutiveFailures() >= ENOUGH ? STEPS[0] : 0;
  }

  private static JsonObject details(Standing standing, DisableRule rule) {
    return new JsonObject()
        .put("consecutiveFailures", standing.consecutiveFailures())
        .put("limit", rule.afterFailures().isPresent() ? rule.afterFailures().getAsInt() : null)
        .put("failingSince", AlertEvents.timeOrNull(standing.failingSince()))
        .put("lastFailureAt", AlertEvents.timeOrNull(standing.lastFailureAt()));
  }

  private static int stepOf(int percent) {
    for (int step : STEPS) {
      if (percent >= step) {
        return step;
      }
    }
    return 0;
  }

  private Future<Void> disable(Standing standing, DisableRule rule) {
    return rule.disables(standing.consecutiveFailures(), failingFor(standing))
        ? disabler.failing(standing.endpointId(), standing.consecutiveFailures())
        : Future.succeededFuture();
  }

  private Duration failingFor(Standing standing) {
    return Duration.between(standing.failingSince().orElseThrow(), clock.instant());
  }

  private static Future<Void> failed(Standing standing, Throwable cause) {
    LOG.atWarn()
        .addKeyValue("endpoint", PublicId.ENDPOINT.format(standing.endpointId()))
        .addKeyValue("cause", cause.getMessage())
        .log("What follows from an endpoint's failures could not be done yet");
    return Future.succeededFuture();
  }

  /** The events for endpoints that take deliveries again. */
  List<Event> recovered(List<Recovered> over) {
    return over.stream()
        .flatMap(
            one ->
                registry.endpoint(one.endpointId()).stream()
                    .flatMap(endpoint -> recovered(endpoint, one).stream()))
        .toList();
  }

  private List<Event> recovered(Endpoint endpoint, Recovered over) {
    return events.forOperators(
        AlertType.DELIVERY_RECOVERED,
        endpoint,
        new JsonObject().put("failingSince", AlertEvents.timeOrNull(over.failingSince())));
  }
}
