package dev.posthaste.cli;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code posthaste tenants …} */
@Command(
    name = "tenants",
    description = "Create, list, change and delete tenants (operators).",
    mixinStandardHelpOptions = true)
public final class TenantCommands {
  private static final String TENANTS = "/admin/v1/tenants";

  @Command(description = "List tenants, newest first.", mixinStandardHelpOptions = true)
  int list(
      @Mixin Connection connection,
      @Option(names = "--cursor", description = "Where the page before ended.") String cursor) {
    Map<String, Object> query = new HashMap<>();
    query.put("cursor", cursor);
    connection
        .screen()
        .table(
            connection.client().get(TENANTS, query),
            "tenants",
            "uid",
            "name",
            "contract",
            "catalog",
            "createdAt");
    return 0;
  }

  @Command(description = "Show one tenant.", mixinStandardHelpOptions = true)
  int get(@Mixin Connection connection, @Parameters(paramLabel = "UID") String uid) {
    connection
        .screen()
        .fields(connection.client().get(TENANTS + "/" + ApiClient.encoded(uid)), "tenant");
    return 0;
  }

  @Command(description = "Add a tenant.", mixinStandardHelpOptions = true)
  int create(
      @Mixin Connection connection,
      @Parameters(paramLabel = "UID") String uid,
      @Option(names = "--name", description = "For people (the uid).") String name,
      @Option(names = "--contract", description = "standard, casedev, agentpost, offload, …")
          String contract,
      @Option(names = "--catalog", description = "The catalog of event types; none: any type.")
          String catalog) {
    JsonObject body = new JsonObject().put("uid", uid).put("name", name == null ? uid : name);
    if (contract != null) {
      body.put("contract", contract);
    }
    if (catalog != null) {
      body.put("catalog", catalog);
    }
    connection.screen().fields(connection.client().post(TENANTS, body), "tenant");
    return 0;
  }

  @Command(
      description = "Change a tenant; an option that is given empty clears it.",
      mixinStandardHelpOptions = true)
  int update(
      @Mixin Connection connection,
      @Parameters(paramLabel = "UID") String uid,
      @Mixin Changes changes) {
    JsonObject body = changes.body();
    if (body.isEmpty()) {
      throw new CommandFailure("Nothing to change: give at least one of the options of --help.");
    }
    connection.screen().fields(connection.client().patch(at(uid), body), "tenant");
    return 0;
  }

  @Command(
      description = "Delete a tenant: its endpoints stop and its keys end.",
      mixinStandardHelpOptions = true)
  int delete(@Mixin Connection connection, @Parameters(paramLabel = "UID") String uid) {
    connection.client().delete(at(uid));
    connection.screen().say("Deleted.");
    return 0;
  }

  private static String at(String uid) {
    return TENANTS + "/" + ApiClient.encoded(uid);
  }

  /** What can be changed of a tenant. */
  static final class Changes {
    @Option(names = "--name", description = "For people.")
    private String name;

    @Option(names = "--contract", description = "standard, casedev, agentpost, offload, …")
    private String contract;

    @Option(names = "--catalog", description = "The catalog of event types.")
    private String catalog;

    @Option(names = "--org-id", description = "Shown in envelopes that carry it.")
    private String orgId;

    @Option(names = "--env-id", description = "Shown in envelopes that carry it.")
    private String envId;

    @Option(
        names = "--validation",
        description = "off, warn or reject events that are not what the catalog says.")
    private String validation;

    @Option(
        names = "--metadata",
        paramLabel = "KEY=VALUE",
        description = "All notes, in place of those before.")
    private Map<String, String> metadata;

    JsonObject body() {
      JsonObject body = new JsonObject();
      put(body, "name", name);
      put(body, "contract", contract);
      put(body, "catalog", catalog);
      put(body, "orgId", orgId);
      put(body, "envId", envId);
      put(body, "validation", validation);
      if (metadata != null) {
        body.put("metadata", new JsonObject(new HashMap<>(metadata)));
      }
      return body;
    }

    private static void put(JsonObject body, String field, String value) {
      if (value != null) {
        body.put(field, value.isEmpty() ? null : value);
      }
    }
  }
}
