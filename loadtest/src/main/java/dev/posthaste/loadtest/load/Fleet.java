package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.plan.Kind;
import dev.posthaste.loadtest.server.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The endpoints of a profile, each with an event type of its own so that each event goes to exactly
 * one. They are there until it is closed; tenants stay, for the API does not delete them.
 */
final class Fleet implements AutoCloseable {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";
  private static final JsonArray PERMISSIONS =
      new JsonArray().add("events:write").add("endpoints:read").add("endpoints:write");

  private final Stand stand;
  private final LoadOptions options;
  private final List<Kind> kinds = new ArrayList<>();
  private final List<Runnable> undo = new ArrayList<>();

  private Fleet(Stand stand, LoadOptions options) {
    this.stand = stand;
    this.options = options;
  }

  static Fleet create(Stand stand, Profile profile, LoadOptions options) {
    Fleet fleet = new Fleet(stand, options);
    try {
      if (profile == Profile.TENANTS) {
        long salt = System.currentTimeMillis();
        IntStream.range(0, options.tenants).forEach(i -> fleet.tenant(i, "load-" + salt + "-" + i));
      } else {
        IntStream.range(0, options.endpoints).forEach(i -> fleet.endpoint(profile, i));
      }
      return fleet;
    } catch (RuntimeException e) {
      fleet.close();
      throw e;
    }
  }

  private void endpoint(Profile profile, int number) {
    Trouble trouble = profile == Profile.SLOW ? Trouble.of(number) : Trouble.NONE;
    String path = trouble.path(profile.seconds(options)) + "/" + number;
    String type = "load.%04d".formatted(number);
    create(stand.api(), endpointBody(number, path, type, trouble));
    kinds.add(new Kind(type, stand.key(), 1, trouble == Trouble.NONE));
  }

  private void tenant(int number, String uid) {
    Api operator = stand.api();
    operator.post("/admin/v1/tenants", new JsonObject().put("uid", uid).put("name", uid));
    JsonObject made =
        operator.post(
            "/admin/v1/keys",
            new JsonObject().put("tenant", uid).put("name", uid).put("permissions", PERMISSIONS));
    String key = made.getString("secret");
    Api api = new Api(stand.url(), key);
    undo.add(api::close);
    String type = "load.%04d".formatted(number);
    create(api, endpointBody(number, "/ok/" + number, type, Trouble.NONE));
    kinds.add(new Kind(type, key, 1.0 / (number + 1), true));
  }

  private JsonObject endpointBody(int number, String path, String type, Trouble trouble) {
    JsonObject body =
        new JsonObject()
            .put("url", "http://" + host(number) + ":" + stand.receiver().port() + path)
            .put("eventTypeFilters", new JsonArray().add(type));
    if (trouble != Trouble.NONE) {
      body.put("retryDelaysSec", Trouble.RETRIES);
    }
    return body;
  }

  /** On this machine each endpoint is a host of its own. */
  private String host(int number) {
    return options.receiverHost.equals("127.0.0.1")
        ? "127.0.%d.%d".formatted(number / 250, number % 250 + 1)
        : options.receiverHost;
  }

  private void create(Api api, JsonObject body) {
    String id = api.post(ENDPOINTS, body).getJsonObject("endpoint").getString("id");
    undo.add(() -> api.delete(ENDPOINTS + "/" + id));
  }

  /** What events there are for them. */
  List<Kind> kinds() {
    return kinds;
  }

  /** Deletes them, last made first. */
  @Override
  public void close() {
    undo.reversed().forEach(Runnable::run);
  }
}
