package dev.posthaste.loadtest.demo;

import dev.posthaste.loadtest.server.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** What {@code GET /deliveries} shows of one endpoint, by status. */
record DeliveryLog(int delivered, int failed, int pending) {
  private static final int PAGE = 250;

  static DeliveryLog of(Api api, String endpointId) {
    Map<String, Integer> counts = new HashMap<>();
    String path = "/webhooks/v1/deliveries?limit=" + PAGE + "&endpoint_id=" + endpointId;
    String cursor = "";
    while (cursor != null) {
      JsonObject page = api.get(cursor.isEmpty() ? path : path + "&cursor=" + cursor);
      JsonArray deliveries = page.getJsonArray("deliveries");
      for (int i = 0; i < deliveries.size(); i++) {
        counts.merge(deliveries.getJsonObject(i).getString("status"), 1, Integer::sum);
      }
      cursor = page.getString("nextCursor");
    }
    return new DeliveryLog(
        counts.getOrDefault("delivered", 0),
        counts.getOrDefault("failed", 0),
        counts.getOrDefault("pending", 0));
  }

  int all() {
    return delivered + failed + pending;
  }
}
