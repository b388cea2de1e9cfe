package dev.posthaste.api;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Ordering;
import dev.posthaste.http.Problem.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How an endpoint wants its deliveries, in bodies and in answers: order, waits between attempts,
 * trace context. What the body leaves out stays; null clears.
 */
final class DeliveryForm {
  private static final String ORDERING = "ordering";
  private static final String DELAYS = "retryDelaysSec";
  private static final String TRACE = "traceContext";
  private static final Pattern BAD_POINTER = Pattern.compile("~(?![01])|\0");
  private static final long MILLIS = 1_000;

  private DeliveryForm() {}

  static Optional<Ordering> ordering(JsonObject body, Endpoint before) {
    if (!body.containsKey(ORDERING)) {
      return before.ordering();
    }
    return switch (body.getValue(ORDERING)) {
      case null -> Optional.empty();
      case JsonObject given ->
          Optional.of(
              new Ordering(
                  Optional.ofNullable(given.getString("key")),
                  onFailure(given.getString("onFailure", "skip"))));
      default -> Optional.of(new Ordering(Optional.empty(), Ordering.OnFailure.SKIP));
    };
  }

  private static Ordering.OnFailure onFailure(String code) {
    return Ordering.OnFailure.valueOf(code.toUpperCase(Locale.ROOT));
  }

  /** What is wrong with the key, beyond what a schema can say. */
  static Optional<Fault> keyFault(JsonObject body) {
    if (body.getValue(ORDERING) instanceof JsonObject given && given.getString("key") != null) {
      String key = given.getString("key");
      return key.startsWith("/") && !BAD_POINTER.matcher(key).find()
          ? Optional.empty()
          : Optional.of(
              new Fault(
                  "/ordering/key",
                  "must be a JSON pointer into the event's data, such as /caseId or /case/id; in"
                      + " names ~0 stands for ~ and ~1 for /"));
    }
    return Optional.empty();
  }

  static Optional<List<Duration>> retryDelays(JsonObject body, Endpoint before) {
    if (!body.containsKey(DELAYS)) {
      return before.retryDelays();
    }
    return Optional.ofNullable(body.getJsonArray(DELAYS))
        .map(delays -> delays.stream().map(delay -> duration((Number) delay)).toList());
  }

  private static Duration duration(Number seconds) {
    return Duration.ofMillis(Math.round(seconds.doubleValue() * MILLIS));
  }

  static boolean traceContext(JsonObject body, Endpoint before) {
    return body.containsKey(TRACE)
        ? Boolean.TRUE.equals(body.getBoolean(TRACE))
        : before.traceContext();
  }

  static JsonObject orderingView(Endpoint endpoint) {
    return endpoint
        .ordering()
        .map(
            ordering ->
                new JsonObject()
                    .put("mode", ordering.keyPointer().isPresent() ? "key" : "fifo")
                    .put("key", ordering.keyPointer().orElse(null))
                    .put("onFailure", ordering.onFailure().name().toLowerCase(Locale.ROOT)))
        .orElse(null);
  }

  static JsonArray retryDelaysView(Endpoint endpoint) {
    return endpoint
        .retryDelays()
        .map(delays -> new JsonArray(delays.stream().map(DeliveryForm::seconds).toList()))
        .orElse(null);
  }

  /** Whole seconds without a point. */
  private static Number seconds(Duration delay) {
    long millis = delay.toMillis();
    if (millis % MILLIS == 0) {
      return millis / MILLIS;
    }
    return (double) millis / MILLIS;
  }
}
