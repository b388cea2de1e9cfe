package dev.posthaste.cli;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code posthaste deliveries …} */
@Command(
    name = "deliveries",
    description = "See what became of events.",
    mixinStandardHelpOptions = true)
public final class DeliveryCommands {
  static final String DELIVERIES = "/webhooks/v1/deliveries";

  @Command(description = "List deliveries, newest first.", mixinStandardHelpOptions = true)
  int list(@Mixin Connection connection, @Mixin Filter filter) {
    connection
        .screen()
        .table(
            connection.client().get(DELIVERIES, filter.query()),
            "deliveries",
            "id",
            "status",
            "eventType",
            "endpointId",
            "clientWebhookUrl",
            "attemptCount",
            "lastHttpStatus",
            "lastError",
            "nextAttemptAt");
    return 0;
  }

  @Command(description = "Show a delivery with all its attempts.", mixinStandardHelpOptions = true)
  int get(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    JsonObject answer = connection.client().get(DELIVERIES + "/" + ApiClient.encoded(id));
    JsonObject delivery = answer.getJsonObject("delivery");
    Screen screen = connection.screen();
    JsonObject shown = answer.copy();
    shown.getJsonObject("delivery").remove("attempts");
    screen.fields(screen.isJson() ? answer : shown, "delivery");
    if (!screen.isJson()) {
      screen.table(
          delivery,
          "attempts",
          "number",
          "trigger",
          "at",
          "status",
          "httpStatus",
          "error",
          "latencyMs",
          "address");
    }
    return 0;
  }

  /** Which deliveries. */
  static final class Filter {
    @Option(names = "--endpoint", description = "Only those to this endpoint.")
    private String endpoint;

    @Option(names = "--event", description = "Only those of this event.")
    private String event;

    @Option(names = "--type", description = "Only those of this event type.")
    private String type;

    @Option(names = "--status", description = "pending, delivered or failed.")
    private String status;

    @Option(names = "--since", description = "Only those of events accepted at this time or later.")
    private String since;

    @Option(names = "--until", description = "Only those of events accepted before this time.")
    private String until;

    @Option(names = "--limit", description = "How many, at most 250 (50).")
    private Integer limit;

    @Option(names = "--cursor", description = "Where the page before ended.")
    private String cursor;

    Map<String, Object> query() {
      Map<String, Object> query = new HashMap<>();
      query.put("endpoint_id", endpoint);
      query.put("event_id", event);
      query.put("event_type", type);
      query.put("status", status);
      query.put("since", since);
      query.put("until", until);
      query.put("limit", limit);
      query.put("cursor", cursor);
      return query;
    }
  }
}
