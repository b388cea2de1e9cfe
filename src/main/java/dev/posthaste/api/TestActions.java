package dev.posthaste.api;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.Message;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.EventType;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Reply;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.Verdict;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.send.Sender;
import dev.posthaste.send.Target;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Send one signed message to an endpoint, now, and say what came back. Belongs to one loop. */
final class TestActions {
  private static final String TEST_TYPE = "webhook.test";
  private static final double MICROS_PER_MILLI = 1_000;

  /** Beyond its timeout an attempt is over. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final ApiParts parts;
  private final EndpointStore endpoints;
  private Optional<Sender> sender = Optional.empty();

  TestActions(Vertx vertx, ApiParts parts) {
    this.vertx = vertx;
    this.parts = parts;
    this.endpoints = parts.stores().endpoints();
  }

  Map<String, Action> byOperation() {
    return Map.of("testEndpoint", new OnceOutside(this::prepare, parts.changing()));
  }

  private Future<Errand.Ready> prepare(ApiCall call, Unit unit) {
    String type = call.body().getString("eventType", TEST_TYPE);
    Payload data = data(call, type);
    return EndpointIds.find(endpoints, call, unit)
        .compose(id -> endpoints.find(unit, call.tenant().id(), id))
        .map(found -> found.orElseThrow(() -> EndpointIds.unknown(call.path("id"))))
        .map(endpoint -> ready(call.tenant(), endpoint, event(call.tenant(), type, data)));
  }

  /** What was given, else the catalog's example of the type. */
  private Payload data(ApiCall call, String type) {
    Tenant tenant = call.tenant();
    Optional<EventType> entry = parts.registry().eventType(tenant, type);
    if (tenant.catalog().isPresent() && entry.isEmpty() && !type.equals(TEST_TYPE)) {
      throw new ProblemException(
          Problem.invalid(
              List.of(
                  new Problem.Fault(
                      "/eventType",
                      "is not in the catalog '" + tenant.catalog().get() + "' of the tenant"))));
    }
    if (call.body().containsKey("payload")) {
      return Payload.of(Json.encode(call.body().getValue("payload")));
    }
    return Payload.of(entry.map(EventType::example).orElse("{\"message\":\"This is a test.\"}"));
  }

  private Event event(Tenant tenant, String type, Payload data) {
    return new Event(
        parts.ids().next(),
        tenant.id(),
        type,
        parts.clock().millis(),
        Optional.empty(),
        Optional.empty(),
        data,
        Optional.empty(),
        List.of());
  }

  private Errand.Ready ready(Tenant tenant, Endpoint endpoint, Event event) {
    Contract contract = contractOf(tenant, endpoint);
    Target target = target(endpoint);
    return new Errand.Ready(
        contract.timeout().plus(MARGIN), () -> send(tenant, endpoint, event, contract, target));
  }

  private Future<ApiAnswer> send(
      Tenant tenant, Endpoint endpoint, Event event, Contract contract, Target target) {
    Message message =
        contract.prepare(event, tenant, endpoint, Attempt.Trigger.LIVE, parts.clock().instant());
    return sender()
        .send(target, message.headers(), message.body(), contract.timeout().toMillis())
        .map(reply -> ApiAnswer.ok(view(contract, reply)));
  }

  private Contract contractOf(Tenant tenant, Endpoint endpoint) {
    String name = endpoint.contract().orElse(tenant.contract());
    return parts
        .sending()
        .contracts()
        .named(name)
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.conflict(
                        "The contract '" + name + "' is not there any more; choose another.")));
  }

  private Target target(Endpoint endpoint) {
    return switch (Target.parse(endpoint.url(), parts.sending().httpAllowed())) {
      case Target.Parsed.Good good -> good.target();
      case Target.Parsed.Bad bad ->
          throw new ProblemException(
              Problem.conflict("The endpoint's URL cannot be used: it " + bad.fault() + "."));
    };
  }

  private Sender sender() {
    if (sender.isEmpty()) {
      sender = Optional.of(parts.sending().senders().apply(vertx));
    }
    return sender.get();
  }

  private static JsonObject view(Contract contract, Reply reply) {
    boolean delivered = contract.outcomes().verdict(reply) == Verdict.DELIVERED;
    JsonObject view =
        new JsonObject()
            .put("delivered", delivered)
            .put("latencyMs", reply.latencyMicros() / MICROS_PER_MILLI);
    return switch (reply) {
      case Reply.Answered answered ->
          view.put("status", answered.status())
              .put("response", answered.excerpt())
              .put("error", delivered ? null : "http_error");
      case Reply.Unanswered unanswered ->
          view.putNull("status").putNull("response").put("error", unanswered.reason().code());
    };
  }
}
