package dev.posthaste.api;

import dev.posthaste.http.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Path;
import java.util.stream.Collectors;

/** The end of the line: no such route, or not with this method. */
final class UnknownRoute implements Handler<RoutingContext> {
  private final OpenAPIContract contract;

  UnknownRoute(OpenAPIContract contract) {
    this.contract = contract;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    Path path = contract.findPath(context.normalizedPath());
    if (path == null
        || contract.findOperation(context.normalizedPath(), request.method()) != null) {
      Problem.notFound("There is no route " + request.path() + "; see /openapi.json.")
          .send(context.response(), request.path());
      return;
    }
    String allowed =
        path.getOperations().stream()
            .map(operation -> operation.getHttpMethod().name())
            .sorted()
            .collect(Collectors.joining(", "));
    context.response().putHeader(HttpHeaders.ALLOW, allowed);
    Problem.methodNotAllowed(
            request.method() + " is not possible here, only " + allowed + "; see /openapi.json.")
        .send(context.response(), request.path());
  }
}
