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

/** {@code posthaste keys …} */
@Command(
    name = "keys",
    description = "Make, list and revoke keys (operators).",
    mixinStandardHelpOptions = true)
public final class KeyCommands {
  private static final String KEYS = "/admin/v1/keys";
  private static final List<String> ALL =
      List.of(
          "events:write",
          "endpoints:read",
          "endpoints:write",
          "deliveries:read",
          "deliveries:replay");

  @Command(description = "List keys, newest first.", mixinStandardHelpOptions = true)
  int list(
      @Mixin Connection connection,
      @Option(names = "--cursor", description = "Where the page before ended.") String cursor) {
    Map<String, Object> query = new HashMap<>();
    query.put("cursor", cursor);
    connection
        .screen()
        .table(
            connection.client().get(KEYS, query),
            "keys",
            "id",
            "name",
            "tenant",
            "permissions",
            "expiresAt",
            "revokedAt");
    return 0;
  }

  @Command(description = "Make a key of a tenant. Shows it, once.", mixinStandardHelpOptions = true)
  int create(
      @Mixin Connection connection,
      @Parameters(paramLabel = "TENANT") String of,
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--permission",
              paramLabel = "PERMISSION",
              description =
                  "Of events:write, endpoints:read, endpoints:write, deliveries:read,"
                      + " deliveries:replay (all).")
          List<String> permissions) {
    JsonObject body =
        new JsonObject()
            .put("tenant", of)
            .put("name", name)
            .put("permissions", new JsonArray(permissions == null ? ALL : permissions));
    connection.screen().fields(connection.client().post(KEYS, body), "key");
    return 0;
  }

  @Command(description = "Revoke a key.", mixinStandardHelpOptions = true)
  int revoke(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    connection.client().delete(KEYS + "/" + ApiClient.encoded(id));
    connection.screen().say("Revoked.");
    return 0;
  }
}
