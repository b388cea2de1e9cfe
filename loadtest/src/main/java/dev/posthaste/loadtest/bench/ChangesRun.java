package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.bench.Spread.Window;
import dev.posthaste.loadtest.server.Api;
import dev.posthaste.loadtest.server.ServerProcess;
import dev.posthaste.loadtest.wire.EventMark;
import dev.posthaste.loadtest.wire.Timeline;
import dev.posthaste.loadtest.wire.WallClock;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Endpoints that are made at one of two nodes, one after the other. Events of a type that only the
 * new one wants are posted to the other node until one of them goes to it. Without other load.
 */
final class ChangesRun {
  private static final Scenario SCENARIO = Scenario.CHANGES;
  private static final String EVENTS = "/webhooks/v1/events";

  /** All of a change is over by then: the next one is told by itself. */
  private static final long PAUSE_MILLIS = 50;

  private final Bed bed;
  private final int number;
  private final Timeline made = new Timeline();
  private int changes;

  ChangesRun(Bed bed, int number) {
    this.bed = bed;
    this.number = number;
  }

  Map<Scenario, Result> run() throws IOException, InterruptedException {
    bed.arrivals().start(number, 1);
    Fleet fleet = Fleet.empty(bed.api());
    try (Api other = new Api(bed.cluster().last().port(), ServerProcess.KEY)) {
      long warm = System.nanoTime() + SCENARIO.warmup(bed.timing().warmup()) * 1_000_000_000L;
      while (System.nanoTime() < warm) {
        change(fleet, other);
      }
      Window counted = new Window(WallClock.micros(), Long.MAX_VALUE);
      for (int i = 0; i < SCENARIO.endpoints(); i++) {
        change(fleet, other);
      }
      return Map.of(SCENARIO, new Result(figures(made, awaitArrivals(), counted)));
    } finally {
      fleet.delete();
    }
  }

  private void change(Fleet fleet, Api other) throws InterruptedException {
    fleet.add(SCENARIO, changes, bed.arrivals().port());
    made.setFirst(changes, WallClock.micros());
    long deadline = System.nanoTime() + bed.timing().drainNanos();
    while (deliveries(other) == 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("a node does not know an endpoint that another one made");
      }
    }
    changes++;
    Thread.sleep(PAUSE_MILLIS);
  }

  /** Posts one event; to how many endpoints it goes. */
  private int deliveries(Api other) {
    String mark = EventMark.of(number, changes, WallClock.micros());
    JsonObject event =
        new JsonObject()
            .put("type", Fleet.type(changes))
            .put("data", new JsonObject("{" + mark + "}"));
    return other.post(EVENTS, event).getInteger("deliveries");
  }

  private Timeline awaitArrivals() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + bed.timing().drainNanos();
    Timeline arrived = bed.arrivals().times();
    while (made.without(arrived) > 0 && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE_MILLIS);
      arrived = bed.arrivals().times();
    }
    return arrived;
  }

  /**
   * What the changes brought.
   *
   * @param made when the answer came that each endpoint was made
   * @param arrived when the first event came to each
   * @param counted when those were made that count
   */
  static Map<Metric, Double> figures(Timeline made, Timeline arrived, Window counted) {
    Spread known = Spread.between(made, arrived, made, counted);
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.KNOWN_P50, known.millisAt(50));
    values.put(Metric.KNOWN_P90, known.millisAt(90));
    values.put(Metric.KNOWN_MAX, known.mostMillis());
    values.put(Metric.LOST, (double) made.without(arrived));
    return values;
  }
}
