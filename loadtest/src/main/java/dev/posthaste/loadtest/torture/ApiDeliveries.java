package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Api;
import dev.posthaste.loadtest.torture.check.Deliveries;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Asks the API, as a user who misses something would. */
final class ApiDeliveries implements Deliveries {
  private static final String PATH = "/webhooks/v1/deliveries";
  private static final int PAGE = 100;

  /** Attempts that ended before anything was sent. */
  private static final Set<String> NEVER_CAME =
      Set.of("connect_error", "dns_error", "tls_error", "target_not_allowed", "discarded");

  private final Fleet fleet;

  ApiDeliveries(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public Optional<Delivery> find(String eventId, String endpointId) {
    return json(eventId, endpointId).map(ApiDeliveries::delivery);
  }

  /** The whole delivery with its attempts. */
  Optional<JsonObject> json(String eventId, String endpointId) {
    JsonArray all = get(PATH + "?limit=100&event_id=" + eventId).getJsonArray("deliveries");
    return all.stream()
        .map(JsonObject.class::cast)
        .filter(delivery -> delivery.getString("endpointId").equals(endpointId))
        .findFirst()
        .map(delivery -> get(PATH + "/" + delivery.getString("id")).getJsonObject("delivery"));
  }

  private static Delivery delivery(JsonObject json) {
    int reached =
        (int)
            json.getJsonArray("attempts").stream()
                .map(attempt -> ((JsonObject) attempt).getString("error"))
                .filter(error -> error == null || !NEVER_CAME.contains(error))
                .count();
    return new Delivery(json.getString("status"), reached, json.getString("lastError"));
  }

  @Override
  public Set<String> failedEvents(String endpointId) {
    String first = PATH + "?status=failed&limit=" + PAGE + "&endpoint_id=" + endpointId;
    Set<String> events = new HashSet<>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent()) {
      JsonObject page = get(first + (cursor.get().isEmpty() ? "" : "&cursor=" + cursor.get()));
      page.getJsonArray("deliveries")
          .forEach(delivery -> events.add(((JsonObject) delivery).getString("eventId")));
      cursor = Optional.ofNullable(page.getString("nextCursor"));
    }
    return events;
  }

  private JsonObject get(String path) {
    Api.Answer answer = fleet.send("GET", path, "");
    if (answer.status() != 200) {
      throw new IllegalStateException(path + " answered " + answer);
    }
    return answer.body();
  }
}
