package dev.posthaste.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code posthaste endpoints …} */
@Command(
    name = "endpoints",
    description = "Create, list, change and test endpoints.",
    mixinStandardHelpOptions = true)
public final class EndpointCommands {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";

  @Command(description = "List endpoints, newest first.", mixinStandardHelpOptions = true)
  int list(
      @Mixin Connection connection,
      @Option(names = "--status", description = "active, disabled or auto_disabled.") String status,
      @Option(names = "--cursor", description = "Where the page before ended.") String cursor) {
    Map<String, Object> query = new HashMap<>();
    query.put("status", status);
    query.put("cursor", cursor);
    connection
        .screen()
        .table(
            connection.client().get(ENDPOINTS, query),
            "endpoints",
            "id",
            "status",
            "url",
            "eventTypeFilters",
            "consecutiveFailures");
    return 0;
  }

  @Command(description = "Show one endpoint.", mixinStandardHelpOptions = true)
  int get(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    connection.screen().fields(connection.client().get(at(id)), "endpoint");
    return 0;
  }

  @Command(
      description = "Subscribe a URL. Shows the signing secret, once.",
      mixinStandardHelpOptions = true)
  int create(
      @Mixin Connection connection,
      @Parameters(paramLabel = "URL") String url,
      @Option(
              names = "--filter",
              paramLabel = "FILTER",
              description = "An event type, a prefix such as order.*, or * (the default).")
          List<String> filters,
      @Option(names = "--uid", description = "A name of your own for it.") String uid,
      @Option(names = "--description") String description) {
    JsonObject body =
        new JsonObject()
            .put("url", url)
            .put("eventTypeFilters", new JsonArray(filters == null ? List.of("*") : filters));
    if (uid != null) {
      body.put("uid", uid);
    }
    if (description != null) {
      body.put("description", description);
    }
    connection.screen().fields(connection.client().post(ENDPOINTS, body), "endpoint");
    return 0;
  }

  @Command(description = "Let an endpoint have deliveries again.", mixinStandardHelpOptions = true)
  int enable(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    return status(connection, id, "active");
  }

  @Command(description = "Stop deliveries to an endpoint.", mixinStandardHelpOptions = true)
  int disable(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    return status(connection, id, "disabled");
  }

  private static int status(Connection connection, String id, String status) {
    JsonObject answer = connection.client().patch(at(id), new JsonObject().put("status", status));
    connection.screen().fields(answer, "endpoint");
    return 0;
  }

  @Command(description = "Delete an endpoint.", mixinStandardHelpOptions = true)
  int delete(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    connection.client().delete(at(id));
    connection.screen().say("Deleted.");
    return 0;
  }

  @Command(
      description = "Give an endpoint a new signing secret. Shows it, once.",
      mixinStandardHelpOptions = true)
  int rotate(
      @Mixin Connection connection,
      @Parameters(paramLabel = "ID") String id,
      @Option(
              names = "--overlap",
              paramLabel = "SECONDS",
              defaultValue = "86400",
              description = "For how long the old one signs too (${DEFAULT-VALUE}).")
          int overlap,
      @Option(
              names = "--algorithm",
              description = "hmac-sha256 or ed25519; without it that of the old one.")
          String algorithm) {
    JsonObject body = new JsonObject().put("previousSecretExpiresInSec", overlap);
    if (algorithm != null) {
      body.put("signingAlgorithm", algorithm);
    }
    connection
        .screen()
        .fields(connection.client().post(at(id) + "/rotate_secret", body), "endpoint");
    return 0;
  }

  @Command(
      description = "Send a test message and show what came back; fails if it was not taken.",
      mixinStandardHelpOptions = true)
  int test(
      @Mixin Connection connection,
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--type", description = "The event type (webhook.test).") String type) {
    JsonObject body = type == null ? new JsonObject() : new JsonObject().put("eventType", type);
    JsonObject result = connection.client().post(at(id) + "/test", body);
    connection.screen().fields(result, "");
    return result.getBoolean("delivered") ? 0 : 1;
  }

  private static String at(String id) {
    return ENDPOINTS + "/" + ApiClient.encoded(id);
  }
}
