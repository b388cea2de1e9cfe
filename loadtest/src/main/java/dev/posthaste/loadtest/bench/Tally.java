package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.bench.Spread.Window;
import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Joins what the generator and the receiver wrote down of each event, as often as endpoints get it.
 *
 * @param arrived of each event, from the receiver
 * @param sent the generator's summary
 * @param fanOut endpoints that get each event
 */
record Tally(Timeline intended, Timeline accepted, Timeline arrived, JsonObject sent, int fanOut) {

  Tally(Timeline intended, Timeline accepted, Timeline arrived, JsonObject sent) {
    this(intended, accepted, arrived, sent, 1);
  }

  /**
   * What concerns some of the events.
   *
   * @param kinds of each event, as the generator wrote them
   */
  Tally only(Timeline kinds, IntPredicate counted) {
    return new Tally(
        intended.only(i -> counted.test((int) kinds.get(i) - 1)),
        accepted.only(i -> counted.test((int) kinds.get(i) - 1)),
        arrived.only(i -> counted.test((int) kinds.get(i) - 1)),
        sent,
        fanOut);
  }

  /** Accepted and never arrived. */
  int lost() {
    int lost = 0;
    for (int i = 0; i < accepted.size(); i++) {
      if (accepted.get(i) != 0 && arrived.get(i) == 0) {
        lost++;
      }
    }
    return lost;
  }

  Map<Metric, Double> counts() {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.LOST, (double) lost());
    values.put(
        Metric.REFUSED,
        (double) (status("429") + status("503") + refused("429"::equals) + refused("503"::equals)));
    int expected = status("202") + status("429") + status("503");
    values.put(Metric.OTHER, (double) (sent.getInteger("sent") - expected));
    values.put(Metric.LATE, sent.getLong("mostLateMicros") / 1_000.0);
    return values;
  }

  private int status(String status) {
    return sent.getJsonObject("statuses").getInteger(status, 0);
  }

  /** What publishers that send again have met, in the whole run. */
  Map<Metric, Double> repeats() {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.ACCEPTED_ALL, (double) accepted.countBetween(1, Long.MAX_VALUE));
    values.put(Metric.FAULTS, (double) refused(status -> status.startsWith("5")));
    values.put(Metric.BROKEN_OFF, (double) sent.getInteger("brokenOff"));
    return values;
  }

  /** Events that were answered so and sent again. */
  private int refused(Predicate<String> status) {
    JsonObject refusals = sent.getJsonObject("refusals", new JsonObject());
    return refusals.fieldNames().stream().filter(status).mapToInt(refusals::getInteger).sum();
  }

  Map<Metric, Double> rates(Window window) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(
        Metric.ACCEPTED,
        accepted.countBetween(window.from(), window.to()) / window.seconds() / fanOut);
    values.put(
        Metric.DELIVERED, arrived.countBetween(window.from(), window.to()) / window.seconds());
    return values;
  }

  /**
   * How late retries were.
   *
   * @param due of the events that were told when to come again
   */
  Map<Metric, Double> retries(Timeline due, Window window) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    if (due.countBetween(window.from(), window.to()) > 0) {
      Spread late = Spread.between(due, arrived, due, window);
      values.put(Metric.RETRIED_P50, late.millisAt(50));
      values.put(Metric.RETRIED_P99, late.millisAt(99));
      values.put(Metric.RETRIED_MAX, late.mostMillis());
    }
    return values;
  }

  Map<Metric, Double> latencies(Window window) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    Spread toArrived = Spread.between(accepted, arrived, intended, window);
    values.put(Metric.ARRIVED_P50, toArrived.millisAt(50));
    values.put(Metric.ARRIVED_P99, toArrived.millisAt(99));
    values.put(Metric.ARRIVED_P999, toArrived.millisAt(99.9));
    values.put(Metric.ARRIVED_MAX, toArrived.mostMillis());
    Spread toAnswer = Spread.between(intended, accepted, intended, window);
    values.put(Metric.ANSWERED_P50, toAnswer.millisAt(50));
    values.put(Metric.ANSWERED_P99, toAnswer.millisAt(99));
    values.put(Metric.ANSWERED_P999, toAnswer.millisAt(99.9));
    values.put(Metric.ANSWERED_MAX, toAnswer.mostMillis());
    values.put(Metric.WHOLE_P99, Spread.between(intended, arrived, intended, window).millisAt(99));
    return values;
  }
}
