package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.plan.Leg;
import dev.posthaste.loadtest.plan.RunLedger;
import dev.posthaste.loadtest.plan.Schedule;
import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** Makes the result of one leg out of what was written down. */
final class LegCount {
  private static final double MICROS = 1e6;
  private static final double MICROS_PER_MILLI = 1_000;
  private static final long HIGHEST_MICROS = 3_600_000_000L;

  private final Records records;
  private final int leg;
  private final List<RunLedger> ledgers = new ArrayList<>();
  private final long from;
  private final long to;

  private final long graceMicros;

  private LegCount(Records records, int leg, Bounds bounds) {
    this.records = records;
    this.leg = leg;
    this.graceMicros = (long) (bounds.answeredMillis() * MICROS_PER_MILLI);
    Schedule schedule = records.schedule();
    from = records.beganMicros() + schedule.beginMicros(leg);
    to = records.beganMicros() + schedule.endMicros(leg);
    for (int place : Records.places(leg)) {
      ledgers.add(records.ledgers().get(place));
    }
  }

  /** Results of the legs that count and that were begun. */
  static List<LegResult> of(Records records, Bounds bounds) {
    List<LegResult> results = new ArrayList<>();
    for (int leg = 0; leg < records.plan().legs().size(); leg++) {
      LegCount count = new LegCount(records, leg, bounds);
      if (records.plan().legs().get(leg).measured() && count.events() > 0) {
        results.add(count.result());
      }
    }
    return results;
  }

  private int events() {
    return ledgers.stream().mapToInt(ledger -> ledger.sent().size()).sum();
  }

  private LegResult result() {
    Leg plan = records.plan().legs().get(leg);
    double planned = records.schedule().requests(leg) * (double) records.plan().batch();
    return new LegResult(
        plan.name(),
        planned / plan.seconds(),
        rate(RunLedger::sent, 0),
        // What was due at the very end may be answered as much later as any other.
        rate(RunLedger::accepted, graceMicros),
        events() >= planned,
        others(),
        times(),
        Math.max(0, lastArrival() - to) / MICROS);
  }

  private double rate(Function<RunLedger, Timeline> what, long later) {
    long count =
        ledgers.stream()
            .mapToLong(ledger -> what.apply(ledger).countBetween(from, to + later))
            .sum();
    return count * MICROS / (to - from);
  }

  private Map<Integer, Integer> others() {
    Map<Integer, Integer> sum = new TreeMap<>();
    ledgers.forEach(
        ledger ->
            ledger.others().forEach((status, count) -> sum.merge(status, count, Integer::sum)));
    return sum;
  }

  private LegResult.Times times() {
    JsonObject troubled = records.received().get(Records.troubled(leg));
    return new LegResult.Times(
        between(RunLedger::due, RunLedger::sent),
        between(RunLedger::due, RunLedger::accepted),
        between(RunLedger::sent, RunLedger::accepted),
        arrived(records.received().get(Records.healthy(leg))),
        troubled.getInteger("distinct") == 0 ? Optional.empty() : Optional.of(arrived(troubled)));
  }

  private static Percentiles arrived(JsonObject counts) {
    return Percentiles.of(counts.getJsonObject("sinceIntendedMicros"));
  }

  private Percentiles between(
      Function<RunLedger, Timeline> first, Function<RunLedger, Timeline> second) {
    Histogram micros = new Histogram(HIGHEST_MICROS, 3);
    for (RunLedger ledger : ledgers) {
      Timeline begins = first.apply(ledger);
      Timeline ends = second.apply(ledger);
      for (int i = 0; i < begins.size(); i++) {
        if (ends.get(i) != 0) {
          micros.recordValue(Math.clamp(ends.get(i) - begins.get(i), 0, HIGHEST_MICROS));
        }
      }
    }
    return Percentiles.of(micros);
  }

  private long lastArrival() {
    long last = 0;
    for (int place : Records.places(leg)) {
      Timeline arrived = records.arrived().get(place);
      for (int i = 0; i < arrived.size(); i++) {
        last = Math.max(last, arrived.get(i));
      }
    }
    return last;
  }
}
