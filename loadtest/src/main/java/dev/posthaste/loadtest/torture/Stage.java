package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Api;
import dev.posthaste.loadtest.torture.check.FaultSpan;
import dev.posthaste.loadtest.torture.check.Hearing;
import dev.posthaste.loadtest.torture.check.History.Inflow;
import dev.posthaste.loadtest.torture.check.Span;
import dev.posthaste.loadtest.torture.check.Subscription;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The endpoints of the run: made through the API, deleted, disabled and enabled in its course, by
 * whichever node answers. Belongs to the run's threads one after the other.
 */
final class Stage {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";

  private final Fleet fleet;
  private final RunClock clock;
  private final TortureReceiver receiver;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private boolean ordered = true;

  Stage(Fleet fleet, RunClock clock, TortureReceiver receiver) {
    this.fleet = fleet;
    this.clock = clock;
    this.receiver = receiver;
    Role.ALL.forEach(this::create);
  }

  private void create(Role role) {
    Api.Answer made = fleet.send("POST", ENDPOINTS, body(role).encode());
    Role real = role;
    if (made.status() >= 300 && role.extra().containsKey("ordering")) {
      ordered = false;
      real = role.unordered();
      made = fleet.send("POST", ENDPOINTS, body(real).encode());
    }
    if (made.status() >= 300) {
      throw new IllegalStateException("no endpoint " + role.name() + ": " + made);
    }
    receiver.inbox(role).secret(made.body().getString("signingSecret"));
    members.put(
        role.name(),
        new Member(real, made.body().getJsonObject("endpoint").getString("id"), receiver));
  }

  private JsonObject body(Role role) {
    return new JsonObject()
        .put("url", receiver.url(role))
        .put("eventTypeFilters", new JsonArray().add(role.eventType()))
        .mergeIn(role.extra());
  }

  /** Whether the server knows of order; otherwise it is not asked for and not checked. */
  boolean isOrdered() {
    return ordered;
  }

  void delete(String name) {
    members.get(name).deleted = Optional.of(change("DELETE", name, ""));
  }

  void disable(String name) {
    members.get(name).disabled = Optional.of(change("PATCH", name, "{\"status\":\"disabled\"}"));
  }

  void enable(String name) {
    members.get(name).enabled = Optional.of(change("PATCH", name, "{\"status\":\"active\"}"));
  }

  /** Until it is answered; a deletion may have been done by a request that was not. */
  private Span change(String method, String name, String body) {
    long began = clock.micros();
    Api.Answer answer = fleet.send(method, ENDPOINTS + "/" + members.get(name).id, body);
    if (answer.status() >= 300 && answer.status() != 404) {
      throw new IllegalStateException(method + " " + name + ": " + answer);
    }
    return new Span(began, clock.micros());
  }

  /** What came to all of them. */
  List<Inflow> inflows(List<FaultSpan> faults, Hearing hearing) {
    return members.values().stream().map(member -> member.inflow(faults, hearing)).toList();
  }

  private static final class Member {
    private final Role role;
    private final String id;
    private final TortureReceiver receiver;
    private Optional<Span> deleted = Optional.empty();
    private Optional<Span> disabled = Optional.empty();
    private Optional<Span> enabled = Optional.empty();

    Member(Role role, String id, TortureReceiver receiver) {
      this.role = role;
      this.id = id;
      this.receiver = receiver;
    }

    Inflow inflow(List<FaultSpan> faults, Hearing hearing) {
      List<Span> changes =
          List.of(deleted, disabled, enabled).stream().flatMap(Optional::stream).toList();
      List<Span> blurred =
          changes.stream()
              .map(span -> new Span(span.fromMicros(), hearing.by(faults, span.toMicros())))
              .toList();
      OptionalLong gone =
          deleted.map(span -> OptionalLong.of(span.toMicros())).orElse(OptionalLong.empty());
      return receiver
          .inbox(role)
          .inflow(
              new Subscription(
                  role.name(),
                  id,
                  role.eventType(),
                  role.manner().takesAll(),
                  role.waits(),
                  role.order(),
                  off(),
                  blurred,
                  gone));
    }

    private List<Span> off() {
      if (deleted.isPresent()) {
        return List.of(Span.from(deleted.get().toMicros()));
      }
      long until = enabled.map(Span::fromMicros).orElse(Long.MAX_VALUE);
      return disabled.map(span -> List.of(new Span(span.toMicros(), until))).orElse(List.of());
    }
  }
}
