package dev.posthaste.api;

import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Event;
import dev.posthaste.event.EventType;
import dev.posthaste.event.PublicId;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.EventStore;
import dev.posthaste.store.ExplainStore;
import dev.posthaste.store.ExplainStore.Question;
import dev.posthaste.store.ExplainStore.Subscriber;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Says why endpoints got an event, or did not. */
final class ExplainActions {
  private final Registry registry;
  private final EventStore events;
  private final EventIds eventIds;
  private final EndpointStore endpoints;
  private final ExplainStore explains;
  private final Set<String> notices;

  ExplainActions(ApiParts parts) {
    this.registry = parts.registry();
    this.events = parts.stores().events();
    this.eventIds = new EventIds(events);
    this.endpoints = parts.stores().endpoints();
    this.explains = parts.stores().readers().explains();
    this.notices = parts.sending().contracts().announcements();
  }

  Map<String, Action> byOperation() {
    return Map.of("explainEvent", this::explain);
  }

  private Future<ApiAnswer> explain(ApiCall call) {
    return eventIds
        .find(call.tenant(), call.path("id"))
        .map(found -> found.orElseThrow(() -> unknown(call)))
        .compose(id -> events.find(call.tenant().id(), id))
        .map(found -> found.orElseThrow(() -> unknown(call)))
        .compose(event -> explain(call, event));
  }

  private static ProblemException unknown(ApiCall call) {
    return new ProblemException(
        Problem.notFound(
            "There is no event '"
                + call.path("id")
                + "'. It was never accepted, or is past its retention; an id of your own is known"
                + " for as long as repeats are recognised."));
  }

  private Future<ApiAnswer> explain(ApiCall call, Event event) {
    int limit = Page.limit(call);
    return endpoint(call)
        .compose(one -> explains.subscribers(question(call, event, one, limit + 1)))
        .compose(found -> found.isEmpty() ? nobody(call) : Future.succeededFuture(found))
        .map(found -> Page.of(found, limit))
        .compose(page -> view(call, event, page.rows()).map(view -> answer(call, page, view)));
  }

  private Future<Optional<Long>> endpoint(ApiCall call) {
    return call.text("endpoint_id")
        .map(id -> EndpointIds.find(endpoints, call.tenant(), id).map(Optional::of))
        .orElse(Future.succeededFuture(Optional.empty()));
  }

  private static Question question(ApiCall call, Event event, Optional<Long> endpoint, int limit) {
    long below =
        call.text("cursor")
            .map(text -> Cursor.EXPLANATION.parse("cursor", text, event.id())[1])
            .orElse(Long.MAX_VALUE);
    return new Question(call.tenant().id(), event.id(), event.targets(), endpoint, below, limit);
  }

  private static Future<List<Subscriber>> nobody(ApiCall call) {
    return call.text("endpoint_id")
        .map(id -> Future.<List<Subscriber>>failedFuture(EndpointIds.unknown(id)))
        .orElse(Future.succeededFuture(List.of()));
  }

  private Future<ExplainView> view(ApiCall call, Event event, List<Subscriber> page) {
    Optional<EventType> entry = registry.eventType(call.tenant(), event.type());
    List<Long> targets =
        page.stream()
            .filter(one -> one.added() || event.targets().contains(one.id()))
            .map(Subscriber::id)
            .collect(Collectors.toCollection(ArrayList::new));
    event.directUrl().ifPresent(url -> targets.add(DirectTarget.id(event.tenantId(), url)));
    return explains
        .attempts(event.id(), targets)
        .compose(
            attempts ->
                explains
                    .waiting(event.id(), targets)
                    .map(waits -> new ExplainView(event, entry, notices, attempts, waits)));
  }

  private static ApiAnswer answer(ApiCall call, Page<Subscriber> page, ExplainView view) {
    JsonObject event =
        EventView.head(view.event())
            .put(
                "foundBy", PublicId.EVENT.parse(call.path("id")).isPresent() ? "id" : "publisherId")
            .put("targets", view.event().targets().size());
    return page.answer(
        "endpoints",
        view::of,
        last -> Cursor.EXPLANATION.format(view.event().id(), last.id()),
        new JsonObject().put("event", event).put("direct", view.direct()));
  }
}
