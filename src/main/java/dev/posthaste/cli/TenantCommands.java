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
    description = "Create and list tenants (operators).",
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
}
