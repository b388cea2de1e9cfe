package dev.posthaste.loadtest.demo;

import dev.posthaste.loadtest.server.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Posts events and keeps what the server promised. */
final class Publisher {
  private static final String EVENTS = "/webhooks/v1/events";

  private final Function<Customer, Api> apis;
  private final Map<String, Promise> promises = new ConcurrentHashMap<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger repeats = new AtomicInteger();
  private final AtomicInteger wrongIds = new AtomicInteger();

  Publisher(Function<Customer, Api> apis) {
    this.apis = apis;
  }

  /** A 202. */
  record Promise(Post post, String eventId, long acceptedMillis, int deliveries) {}

  void one(Post post) {
    Api.Answer answer = apis.apply(post.customer()).send("POST", EVENTS, post.body().encode());
    if (answer.status() == 202) {
      accepted(post, answer.body());
    } else {
      refused.incrementAndGet();
    }
  }

  /** Posts of one tenant in one request. */
  void batch(List<Post> posts) {
    JsonArray body = new JsonArray(posts.stream().map(Post::body).toList());
    Api.Answer answer =
        apis.apply(posts.getFirst().customer()).send("POST", EVENTS + "/batch", body.encode());
    if (answer.status() != 202) {
      refused.addAndGet(posts.size());
      return;
    }
    JsonArray results = answer.body().getJsonArray("results");
    for (int i = 0; i < posts.size(); i++) {
      if (results.getJsonObject(i).containsKey("event")) {
        accepted(posts.get(i), results.getJsonObject(i));
      } else {
        refused.incrementAndGet();
      }
    }
  }

  private void accepted(Post post, JsonObject answer) {
    JsonObject event = answer.getJsonObject("event");
    String id = event.getString("id");
    if (post.expectedId().isPresent() && !post.expectedId().get().equals(id)) {
      wrongIds.incrementAndGet();
    }
    long at = Instant.parse(event.getString("acceptedAt")).toEpochMilli();
    promises.put(id, new Promise(post, id, at, answer.getInteger("deliveries")));
  }

  /** Posts again what was accepted; it must be known, not accepted anew. */
  void again(Post post) {
    Api.Answer answer = apis.apply(post.customer()).send("POST", EVENTS, post.body().encode());
    if (answer.status() == 200 && answer.body().getBoolean("duplicate")) {
      repeats.incrementAndGet();
    } else {
      refused.incrementAndGet();
    }
  }

  Collection<Promise> promises() {
    return promises.values();
  }

  int accepted() {
    return promises.size();
  }

  int refused() {
    return refused.get();
  }

  int repeats() {
    return repeats.get();
  }

  int wrongIds() {
    return wrongIds.get();
  }
}
