package dev.posthaste.cli;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;

/**
 * Hears the stream and forwards each event, one at a time and in order; connects again after a
 * drop. A slow local program slows the stream, and what does not fit there is lost to it, not to
 * its memory. Belongs to the thread of the command.
 */
final class Listening {
  private static final long FIRST_PAUSE_MILLIS = 500;

  /** By which events of other nodes may come later than newer ones of the node at hand. */
  private static final Duration LAG = Duration.ofSeconds(2);

  private static final long LONGEST_PAUSE_MILLIS = 15_000;

  private final ApiClient client;
  private final String path;
  private final Screen screen;
  private final Function<JsonObject, Forwarder> forwarders;
  private Optional<Forwarder> forwarder = Optional.empty();

  /** Up to when nothing was missed, by the clock of the server. */
  private Instant completeUntil = Instant.EPOCH;

  private volatile EventSocket socket = new EventSocket();

  /**
   * @param path of the stream, with its query
   * @param forwarders made from what the stream says of the tenant
   */
  Listening(
      ApiClient client, String path, Screen screen, Function<JsonObject, Forwarder> forwarders) {
    this.client = client;
    this.path = path;
    this.screen = screen;
    this.forwarders = forwarders;
  }

  /** Goes on until it is interrupted; fails if the server refuses it. */
  void run() {
    client.open(path, socket);
    while (true) {
      String why = hear();
      screen.line(
          "The stream has ended (" + why + "); connecting again.",
          new JsonObject().put("type", "lost").put("reason", why));
      reconnect();
      tellMissed(completeUntil.minus(LAG));
    }
  }

  /** Until the stream ends; says why it did. */
  private String hear() {
    while (true) {
      EventSocket.Heard heard = socket.next();
      if (heard.ending().isPresent()) {
        return heard.ending().get();
      }
      take(heard.message().orElseThrow());
      socket.more();
    }
  }

  private void take(String text) {
    JsonObject message = new JsonObject(text);
    switch (message.getString("type")) {
      case "hello" -> greet(message);
      case "event" -> forward(message.getJsonObject("event"), text);
      case "gap" -> tellMissed(Instant.parse(message.getString("since")));
      default -> {}
    }
  }

  private void greet(JsonObject hello) {
    JsonObject tenant = hello.getJsonObject("tenant");
    if (forwarder.isEmpty()) {
      completeUntil = Instant.parse(hello.getString("at"));
      Forwarder made = forwarders.apply(tenant);
      forwarder = Optional.of(made);
      screen.line(
          "Listening to the tenant %s, forwarding to %s%nContract %s, signed with %s"
              .formatted(tenant.getString("uid"), made.target(), made.contract(), made.secret()),
          new JsonObject()
              .put("type", "listening")
              .put("tenant", tenant.getString("uid"))
              .put("forwardTo", made.target().toString())
              .put("contract", made.contract())
              .put("secret", made.secret()));
    }
  }

  private void forward(JsonObject event, String text) {
    Forwarder.Answer answer = forwarder.orElseThrow().post(event, RawData.of(text));
    completeUntil = Instant.parse(event.getString("acceptedAt"));
    String time = "%.1f ms".formatted(answer.latencyMillis());
    screen.line(
        "%s  %s  %s  %s"
            .formatted(
                event.getString("id"),
                event.getString("type"),
                answer.error().orElse(Integer.toString(answer.status())),
                time),
        new JsonObject()
            .put("type", "event")
            .put("id", event.getString("id"))
            .put("eventType", event.getString("type"))
            .put("status", answer.error().isPresent() ? null : answer.status())
            .put("latencyMs", answer.latencyMillis())
            .put("error", answer.error().orElse(null)));
  }

  private void reconnect() {
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        Thread.sleep(pause);
        socket = new EventSocket();
        client.open(path, socket);
        return;
      } catch (TryAgainLater e) {
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure("Interrupted.");
      }
    }
  }

  private void tellMissed(Instant since) {
    String from = since.truncatedTo(ChronoUnit.SECONDS).toString();
    String command = "posthaste events list --after start --since " + from;
    screen.line(
        "Events since then may be missing and do not come by themselves. They are kept:\n  "
            + command,
        new JsonObject().put("type", "missed").put("since", from).put("command", command));
  }

  /** Says goodbye and ends the process well: this is how a person stops it. */
  void stopAndExit() {
    socket.close();
    screen.flush();
    Runtime.getRuntime().halt(0);
  }
}
