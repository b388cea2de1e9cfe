package dev.posthaste.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * The OpenAPI document for people, at {@code /docs}: a viewer that is part of the program and asks
 * nobody else for anything. For every event loop.
 */
final class DocsPages {
  private static final String PAGE = "index.html";
  private static final Map<String, String> TYPES =
      Map.of(
          PAGE,
          "text/html; charset=utf-8",
          "start.js",
          "text/javascript; charset=utf-8",
          "swagger-ui-bundle.js",
          "text/javascript; charset=utf-8",
          "swagger-ui.css",
          "text/css; charset=utf-8",
          "favicon-32x32.png",
          "image/png");

  /** The viewer styles itself inline; scripts come from here alone, and calls go here alone. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; connect-src 'self'; font-src data:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  private final Map<String, Buffer> files;

  private DocsPages(Map<String, Buffer> files) {
    this.files = files;
  }

  /** Blocks: it reads some megabytes. */
  static DocsPages read() throws IOException {
    Map<String, Buffer> files = new HashMap<>();
    for (String name : TYPES.keySet()) {
      try (InputStream in = DocsPages.class.getResourceAsStream("/docs/" + name)) {
        if (in == null) {
          throw new IOException("the program lacks docs/" + name);
        }
        files.put(name, Buffer.buffer(in.readAllBytes()));
      }
    }
    return new DocsPages(Map.copyOf(files));
  }

  void mount(Router router) {
    router.get("/docs").handler(context -> send(context.response(), PAGE));
    router.get("/docs/").handler(context -> context.redirect("../docs"));
    files
        .keySet()
        .forEach(
            name -> router.get("/docs/" + name).handler(context -> send(context.response(), name)));
  }

  private void send(HttpServerResponse response, String name) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, TYPES.get(name))
        .putHeader(HttpHeaders.CACHE_CONTROL, "max-age=3600")
        .putHeader("content-security-policy", POLICY)
        .putHeader("x-content-type-options", "nosniff")
        .end(files.get(name));
  }
}
