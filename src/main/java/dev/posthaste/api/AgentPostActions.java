package dev.posthaste.api;

import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Endpoints in the shape that clients of AgentPost know: the same endpoints as everywhere else,
 * with {@code events} for the filters and the secret inside.
 */
final class AgentPostActions {
  private static final String CONTRACT = "agentpost";
  private static final String THEIRS = "events";
  private static final String OURS = "eventTypeFilters";

  private final Map<String, Action> endpoints;
  private final Map<String, Change> changes;

  AgentPostActions(EndpointActions endpoints) {
    this.endpoints = endpoints.byOperation();
    this.changes = endpoints.changes();
  }

  Map<String, Action> byOperation() {
    return Map.of(
        "listAgentPostEndpoints", call -> run("listEndpoints", call, AgentPostActions::listed),
        "getAgentPostEndpoint", call -> run("getEndpoint", call, AgentPostActions::single));
  }

  Map<String, Change> changes() {
    return Map.of(
        "createAgentPostEndpoint", change("createEndpoint", AgentPostActions::created),
        "updateAgentPostEndpoint", change("updateEndpoint", AgentPostActions::single),
        "deleteAgentPostEndpoint", change("deleteEndpoint", answer -> answer));
  }

  private Change change(String operation, Function<ApiAnswer, ApiAnswer> shape) {
    Change ours = changes.get(operation);
    return (call, unit) ->
        Future.<Void>succeededFuture()
            .compose(v -> ours.make(ours(call), unit))
            .recover(failure -> Future.failedFuture(inTheirWords(failure)))
            .map(made -> new Made(shape.apply(made.answer()), made.note(), made.inRegistry()));
  }

  private Future<ApiAnswer> run(
      String operation, ApiCall call, Function<ApiAnswer, ApiAnswer> shape) {
    return Future.<Void>succeededFuture()
        .compose(v -> endpoints.get(operation).answer(ours(call)))
        .recover(failure -> Future.failedFuture(inTheirWords(failure)))
        .map(shape);
  }

  private static ApiCall ours(ApiCall call) {
    return new ApiCall(call.key(), call.ofTenant(), call.parameters(), body(call), call.origin());
  }

  private static JsonObject body(ApiCall call) {
    JsonObject body = call.body().copy();
    if (body.containsKey(THEIRS)) {
      body.put(OURS, body.remove(THEIRS)).put("contract", CONTRACT);
    }
    return body;
  }

  private static Throwable inTheirWords(Throwable failure) {
    if (!(failure instanceof ProblemException known) || known.problem().faults().isEmpty()) {
      return failure;
    }
    List<Fault> faults =
        known.problem().faults().stream()
            .map(f -> new Fault(f.pointer().replace("/" + OURS, "/" + THEIRS), f.message()))
            .toList();
    return new ProblemException(Problem.invalid(faults));
  }

  private static ApiAnswer created(ApiAnswer answer) {
    JsonObject json = answer.body().toJsonObject();
    return ApiAnswer.created(
        view(json.getJsonObject("endpoint")).put("secret", json.getString("signingSecret")));
  }

  private static ApiAnswer single(ApiAnswer answer) {
    return ApiAnswer.ok(view(answer.body().toJsonObject().getJsonObject("endpoint")));
  }

  private static ApiAnswer listed(ApiAnswer answer) {
    JsonObject json = answer.body().toJsonObject();
    JsonArray list = new JsonArray();
    json.getJsonArray("endpoints").forEach(endpoint -> list.add(view((JsonObject) endpoint)));
    return ApiAnswer.ok(json.put("endpoints", list));
  }

  private static JsonObject view(JsonObject endpoint) {
    return new JsonObject()
        .put("id", endpoint.getString("id"))
        .put("url", endpoint.getString("url"))
        .put(THEIRS, endpoint.getJsonArray(OURS))
        .put("description", endpoint.getString("description"))
        .put("status", endpoint.getString("status"));
  }
}
