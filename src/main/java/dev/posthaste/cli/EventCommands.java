package dev.posthaste.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code posthaste events …} */
@Command(
    name = "events",
    description = "Send events, look at them, list their types.",
    mixinStandardHelpOptions = true)
public final class EventCommands {
  private static final String EVENTS = "/webhooks/v1/events";

  @Command(description = "Send an event.", mixinStandardHelpOptions = true)
  int send(
      @Mixin Connection connection,
      @Parameters(paramLabel = "TYPE") String type,
      @Parameters(paramLabel = "DATA", description = "Any JSON value.") String data,
      @Option(names = "--id", description = "Your own id of the event: repeats are one event.")
          String id) {
    try {
      Json.decodeValue(data);
    } catch (DecodeException e) {
      throw new CommandFailure(
          "DATA is not JSON: quote it for the shell, as in '{\"order\": 42}'.");
    }
    String own = id == null ? "" : ",\"id\":" + Json.encode(id);
    // The data goes byte for byte.
    String body = "{\"type\":" + Json.encode(type) + own + ",\"data\":" + data + "}";
    JsonObject answer = connection.client().call("POST", EVENTS, Optional.of(body));
    connection.screen().fields(answer, "event");
    return 0;
  }

  @Command(description = "Show an event and its deliveries.", mixinStandardHelpOptions = true)
  int get(@Mixin Connection connection, @Parameters(paramLabel = "ID") String id) {
    JsonObject answer = connection.client().get(EVENTS + "/" + ApiClient.encoded(id));
    connection.screen().fields(answer, "event");
    return 0;
  }

  @Command(
      description = "List the event types of the tenant's catalog.",
      mixinStandardHelpOptions = true)
  int types(@Mixin Connection connection) {
    connection
        .screen()
        .table(
            connection.client().get("/webhooks/v1/event_types"),
            "eventTypes",
            "type",
            "stability",
            "scope",
            "resource",
            "description");
    return 0;
  }
}
