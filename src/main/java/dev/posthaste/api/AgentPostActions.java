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

  AgentPostActions(EndpointActions endpoints) {
    this.endpoints = endpoints.byOperation();
  }

  Map<String, Action> byOperation() {
    return Map.of(
        "createAgentPostEndpoint", call -> run("createEndpoint", call, AgentPostActions::created),
        "listAgentPostEndpoints", call -> run("listEndpoints", call, AgentPostActions::listed),
        "getAgentPostEndpoint", call -> run("getEndpoint", call, AgentPostActions::single),
        "updateAgentPostEndpoint", call -> run("updateEndpoint", call, AgentPostActions::single),
        "deleteAgentPostEndpoint", call -> run("deleteEndpoint", call, answer -> answer));
  }

  private Future<ApiAnswer> run(
      String operation, ApiCall call, Function<ApiAnswer, ApiAnswer> shape) {
    ApiCall ours = new ApiCall(call.key(), call.ofTenant(), call.parameters(), body(call));
    return Future.<Void>succeededFuture()
        .compose(v -> endpoints.get(operation).answer(ours))
        .recover(failure -> Future.failedFuture(inTheirWords(failure)))
        .map(shape);
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
