package dev.posthaste.api;

import dev.posthaste.http.KeyThrottle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * All management routes as one router, one per event loop. To be mounted after the routes of
 * events: what is unknown here is answered with a problem.
 */
public final class ApiRoutes {
  /** Described in the document and served by somebody else. */
  static final Set<String> SERVED_ELSEWHERE = Set.of("createEvent", "createEvents", "openStream");

  private static final String DOCUMENT = "getOpenApiDocument";
  private static final String IMPORT = "importCatalog";

  private final ApiDocument document;
  private final ApiParts parts;
  private final Map<String, Action> actions = new HashMap<>();

  public ApiRoutes(ApiDocument document, ApiParts parts) {
    this.document = document;
    this.parts = parts;
    EndpointActions endpoints = new EndpointActions(parts);
    actions.putAll(endpoints.byOperation());
    actions.putAll(new AgentPostActions(endpoints).byOperation());
    actions.putAll(new DeliveryActions(parts).byOperation());
    actions.putAll(new EventActions(parts).byOperation());
    actions.putAll(new EventListActions(parts).byOperation());
    actions.putAll(new DeliveryFeedActions(parts).byOperation());
    actions.putAll(new ExplainActions(parts).byOperation());
    actions.putAll(new StatsActions(parts).byOperation());
    actions.putAll(new TenantActions(parts).byOperation());
    actions.putAll(new KeyActions(parts).byOperation());
    actions.putAll(new AuditActions(parts).byOperation());
    actions.putAll(new JobActions(parts).byOperation());
    actions.putAll(new PublicKeyActions(parts).byOperation());
    actions.putAll(new AttachmentActions(parts).byOperation());
    commit(new JobActions(parts).changes());
    commit(endpoints.changes());
    commit(new AgentPostActions(endpoints).changes());
    commit(new TenantActions(parts).changes());
    commit(new KeyActions(parts).changes());
    commit(new SecretActions(parts).changes());
    commit(new ReplayActions(parts).changes());
    commit(new AttachmentActions(parts).changes());
    commit(new DirectSecretActions(parts).changes());
  }

  private void commit(Map<String, Change> changes) {
    changes.forEach((id, change) -> actions.put(id, new OneCommit(change, parts)));
  }

  /** A router with everything mounted. */
  public Future<Router> create(Vertx vertx) {
    return Future.<Void>succeededFuture().map(ready -> build(vertx));
  }

  private Router build(Vertx vertx) {
    actions.putAll(new TestActions(vertx, parts).byOperation());
    actions.putAll(new CatalogActions(vertx, parts).byOperation());
    commit(new CatalogActions(vertx, parts).changes());
    actions.putAll(new EventTypeActions(vertx, parts).byOperation());
    commit(new EventTypeActions(vertx, parts).changes());
    RouterBuilder builder = RouterBuilder.create(vertx, document.contract());
    for (OpenAPIRoute route : builder.getRoutes()) {
      // OperationRoute checks, so that every fault becomes a problem in words.
      route.setDoValidation(false);
      serve(route);
    }
    Router router = builder.createRouter();
    document.pages().mount(router);
    router
        .route()
        .handler(new UnknownRoute(document.contract()))
        .failureHandler(new FailureHandler());
    return router;
  }

  private void serve(OpenAPIRoute route) {
    String id = route.getOperation().getOperationId();
    if (id.equals(DOCUMENT)) {
      route.addHandler(this::serveDocument);
    } else if (SERVED_ELSEWHERE.contains(id)) {
      route.addHandler(RoutingContext::next);
    } else if (id.equals(UploadRoute.OPERATION)) {
      route.addHandler(new UploadRoute(admission(route), new KeyThrottle(parts.throttle()), parts));
    } else if (id.equals(ContentRoute.OPERATION)) {
      route.addHandler(new ContentRoute(parts.files()));
    } else if (actions.containsKey(id)) {
      route.addHandler(
          new OperationRoute(
              admission(route),
              new KeyThrottle(parts.throttle()),
              document.check(route.getOperation()),
              actions.get(id),
              maxBodyBytes(id)));
    } else {
      throw new IllegalStateException("nobody serves the operation " + id);
    }
  }

  private int maxBodyBytes(String id) {
    return switch (id) {
      case IMPORT -> parts.rules().maxCatalogBytes();
      case ReplayActions.OPERATION -> parts.rules().maxReplayBytes();
      default -> parts.rules().maxBodyBytes();
    };
  }

  private Admission admission(OpenAPIRoute route) {
    return Admission.of(
        document.role(route.getOperation()),
        ApiDocument.isOfTenant(route.getOperation()),
        parts.doorkeeper());
  }

  private void serveDocument(RoutingContext context) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, OperationRoute.JSON)
        .end(document.json());
  }
}
