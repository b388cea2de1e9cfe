package dev.posthaste.alert;

import dev.posthaste.event.PublicId;
import dev.posthaste.store.EndpointStore;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Disables endpoints for their contract, and lets this node know at once. For any event loop. */
final class Disabler {
  private static final Logger LOG = LoggerFactory.getLogger(Disabler.class);
  private static final String FAILING = "failing";
  private static final String GONE = "gone";

  private final EndpointStore endpoints;
  private final Supplier<Future<Void>> refreshRegistry;

  Disabler(EndpointStore endpoints, Supplier<Future<Void>> refreshRegistry) {
    this.endpoints = endpoints;
    this.refreshRegistry = refreshRegistry;
  }

  /** It has answered 410. */
  void gone(long endpointId) {
    disable(endpointId, GONE, 0, "An endpoint answered 410 Gone and was disabled")
        .onFailure(
            e ->
                LOG.atWarn()
                    .addKeyValue("endpoint", PublicId.ENDPOINT.format(endpointId))
                    .addKeyValue("cause", e.getMessage())
                    .log("An endpoint answered 410 Gone but could not be disabled yet"));
  }

  /**
   * It has only failed, for as long as its contract allows.
   *
   * @param failures in a row as of now; with less of them it has been saved
   */
  Future<Void> failing(long endpointId, int failures) {
    return disable(
        endpointId, FAILING, failures, "An endpoint only fails and was disabled by its contract");
  }

  private Future<Void> disable(long endpointId, String reason, int failures, String words) {
    return endpoints
        .autoDisable(endpointId, reason, failures)
        .compose(
            changed -> {
              if (changed) {
                LOG.atWarn()
                    .addKeyValue("endpoint", PublicId.ENDPOINT.format(endpointId))
                    .addKeyValue("failures", failures)
                    .log(words);
              }
              return refreshRegistry.get();
            });
  }
}
