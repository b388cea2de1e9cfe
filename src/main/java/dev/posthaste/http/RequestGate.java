package dev.posthaste.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/**
 * Stands before the router: a target that is no path, or has no proper query, is answered here,
 * since the router would throw before any of its routes could say what is wrong.
 */
public final class RequestGate implements Handler<HttpServerRequest> {
  private final Handler<HttpServerRequest> router;

  public RequestGate(Handler<HttpServerRequest> router) {
    this.router = router;
  }

  @Override
  public void handle(HttpServerRequest request) {
    String path = request.path();
    if (path == null || !path.startsWith("/") || !isEncoded(path)) {
      Problem.badRequest("The path must begin with / and be percent-encoded: % itself is %25.")
          .send(request.response(), "/");
    } else if (request.query() != null && !isEncoded(request.query())) {
      Problem.badRequest("The query is not well percent-encoded: encode a % itself as %25.")
          .send(request.response(), path);
    } else {
      router.handle(request);
    }
  }

  /** Whether two hex digits follow every percent sign. */
  private static boolean isEncoded(String path) {
    for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
      if (i + 2 >= path.length()
          || Character.digit(path.charAt(i + 1), 16) < 0
          || Character.digit(path.charAt(i + 2), 16) < 0) {
        return false;
      }
    }
    return true;
  }
}
