package dev.posthaste.loadtest.demo;

import dev.posthaste.loadtest.server.Api;
import dev.posthaste.loadtest.server.ServerProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Tenants, keys and endpoints of the demo, made through the API as an operator would. */
final class Stage implements AutoCloseable {
  private static final JsonArray PERMISSIONS =
      new JsonArray()
          .add("events:write")
          .add("endpoints:read")
          .add("endpoints:write")
          .add("deliveries:read");

  private final Map<Customer, Api> apis = new EnumMap<>(Customer.class);
  private final Map<String, String> endpointIds = new HashMap<>();

  /** Makes them; the receiver learns the secrets. */
  Stage(ServerProcess server, DemoReceiver receiver, int receiverPort) {
    try (Api operator = new Api(server.port(), ServerProcess.KEY)) {
      for (Customer customer : Customer.values()) {
        operator.post("/admin/v1/tenants", customer.asTenant());
        JsonObject key =
            new JsonObject()
                .put("tenant", customer.code())
                .put("name", "demo")
                .put("permissions", PERMISSIONS);
        String secret = operator.post("/admin/v1/keys", key).getString("secret");
        apis.put(customer, new Api(server.port(), secret));
      }
    }
    Subscriber.ALL.forEach(subscriber -> create(subscriber, receiver, receiverPort));
  }

  private void create(Subscriber subscriber, DemoReceiver receiver, int port) {
    JsonObject made =
        of(subscriber.customer()).post("/webhooks/v1/endpoints", subscriber.asEndpoint(port));
    endpointIds.put(subscriber.uid(), made.getJsonObject("endpoint").getString("id"));
    receiver.secret(subscriber.uid(), made.getString("signingSecret", ""));
  }

  /** The API with the key of a tenant. */
  Api of(Customer customer) {
    return apis.get(customer);
  }

  String endpointId(Subscriber subscriber) {
    return endpointIds.get(subscriber.uid());
  }

  String status(Subscriber subscriber) {
    return of(subscriber.customer())
        .get("/webhooks/v1/endpoints/" + endpointId(subscriber))
        .getJsonObject("endpoint")
        .getString("status");
  }

  @Override
  public void close() {
    apis.values().forEach(Api::close);
  }
}
