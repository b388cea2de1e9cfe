package dev.posthaste.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
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
      description = "List events, newest first; with --after as a feed that skips none.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin Connection connection,
      @Mixin Filter filter,
      @Option(
              names = "--after",
              paramLabel = "CURSOR",
              description =
                  "Oldest first, from here on: 'start', 'now', or where the last one ended.")
          String after) {
    Map<String, Object> query = filter.query();
    query.put("after", after);
    JsonObject answer = connection.client().get(EVENTS, query);
    Screen screen = connection.screen();
    boolean isFeed = after != null && !screen.isJson();
    Object end = isFeed ? answer.remove("nextCursor") : null;
    screen.table(answer, "events", "id", "type", "state", "occurredAt", "acceptedAt");
    if (isFeed) {
      screen.say("Go on: --after " + end);
    }
    return 0;
  }

  /** Which events. */
  static final class Filter {
    @Option(names = "--type", description = "Only those of exactly this type.")
    private String type;

    @Option(names = "--since", description = "Only those accepted at this time or later.")
    private String since;

    @Option(names = "--until", description = "Only those accepted before this time.")
    private String until;

    @Option(names = "--limit", description = "How many, at most 250 (50).")
    private Integer limit;

    @Option(names = "--cursor", description = "Where the page before ended.")
    private String cursor;

    Map<String, Object> query() {
      Map<String, Object> query = new HashMap<>();
      query.put("type", type);
      query.put("since", since);
      query.put("until", until);
      query.put("limit", limit);
      query.put("cursor", cursor);
      return query;
    }
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
