package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The endpoints of a run: there until they are deleted. */
final class Fleet {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";

  /** Requests at a time: one after the other, ten thousand take long. */
  private static final int AT_A_TIME = 8;

  private final Api api;
  private final List<String> ids;

  private Fleet(Api api, List<String> ids) {
    this.api = api;
    this.ids = ids;
  }

  /** None yet. */
  static Fleet empty(Api api) {
    return new Fleet(api, new ArrayList<>());
  }

  static Fleet create(Api api, Scenario scenario, int receiverPort) throws InterruptedException {
    Fleet fleet = empty(api);
    List<Integer> numbers = IntStream.range(0, scenario.endpoints()).boxed().toList();
    fleet.ids.addAll(each(numbers, i -> fleet.make(scenario, i, receiverPort)));
    return fleet;
  }

  /** Makes one more. */
  void add(Scenario scenario, int number, int receiverPort) {
    ids.add(make(scenario, number, receiverPort));
  }

  private String make(Scenario scenario, int number, int receiverPort) {
    JsonObject body =
        scenario
            .role(number)
            .endpoint(number, receiverPort)
            .put("eventTypeFilters", new JsonArray().add(type(number / scenario.fanOut())));
    return api.post(ENDPOINTS, body).getJsonObject("endpoint").getString("id");
  }

  /** What the generator calls the events of a kind. */
  static String type(int kind) {
    return "bench.%03d".formatted(kind);
  }

  void delete() throws InterruptedException {
    each(
        ids,
        id -> {
          api.delete(ENDPOINTS + "/" + id);
          return id;
        });
  }

  private static <T, R> List<R> each(List<T> all, Function<T, R> work) throws InterruptedException {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
      List<Future<R>> done =
          threads.invokeAll(all.stream().map(one -> (Callable<R>) () -> work.apply(one)).toList());
      return done.stream().map(Fleet::resultOf).toList();
    }
  }

  private static <R> R resultOf(Future<R> future) {
    try {
      return future.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
