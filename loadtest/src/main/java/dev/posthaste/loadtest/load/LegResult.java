package dev.posthaste.loadtest.load;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a leg. Rates are events a second within its time; an answer may come a little later.
 *
 * @param requested by the plan
 * @param sent by the injector
 * @param achieved answered with 202
 * @param complete whether all of it was sent
 * @param others answers other than 202, by status; 0 for none
 * @param times how long things took
 * @param drainSeconds from its end until the last of its events had arrived
 */
record LegResult(
    String name,
    double requested,
    double sent,
    double achieved,
    boolean complete,
    Map<Integer, Integer> others,
    Times times,
    double drainSeconds) {

  /**
   * How long, from when an event was due unless something else is said.
   *
   * @param late until it was sent
   * @param answered until the 202
   * @param answer from sent to the 202
   * @param arrived until it was at a healthy endpoint
   * @param troubled until it was at another one
   */
  record Times(
      Percentiles late,
      Percentiles answered,
      Percentiles answer,
      Percentiles arrived,
      Optional<Percentiles> troubled) {}

  int refused() {
    return others.values().stream().mapToInt(Integer::intValue).sum();
  }

  JsonObject json() {
    JsonObject statuses = new JsonObject();
    others.forEach((status, count) -> statuses.put(String.valueOf(status), count));
    JsonObject json =
        new JsonObject()
            .put("name", name)
            .put("requested", requested)
            .put("sent", sent)
            .put("achieved", achieved)
            .put("complete", complete)
            .put("refused", statuses)
            .put("lateMillis", times.late().json())
            .put("answeredMillis", times.answered().json())
            .put("answerMillis", times.answer().json())
            .put("arrivedMillis", times.arrived().json())
            .put("drainSeconds", drainSeconds);
    times.troubled().ifPresent(them -> json.put("troubledArrivedMillis", them.json()));
    return json;
  }
}
