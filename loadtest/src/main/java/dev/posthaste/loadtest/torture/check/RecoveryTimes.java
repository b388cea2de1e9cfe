package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * How long a fault held up what it met: from its beginning until the healthy endpoint had taken
 * every event that was accepted before.
 */
public final class RecoveryTimes {
  private static final long HIGHEST_MICROS = 3_600_000_000L;
  private static final long LOOK_BACK_MICROS = 120_000_000;

  private RecoveryTimes() {}

  /** By kind of fault, in microseconds. */
  public static Map<String, Histogram> of(History history) {
    NavigableMap<Long, Long> takenByAccepted = takenByAccepted(history);
    Map<String, Histogram> byKind = new TreeMap<>();
    for (FaultSpan fault : history.faults()) {
      long began = fault.span().fromMicros();
      long last =
          takenByAccepted.subMap(began - LOOK_BACK_MICROS, began).values().stream()
              .mapToLong(Long::longValue)
              .max()
              .orElse(began);
      byKind
          .computeIfAbsent(fault.kind(), any -> new Histogram(HIGHEST_MICROS, 3))
          .recordValue(Math.clamp(last - began, 0, HIGHEST_MICROS));
    }
    return byKind;
  }

  private static NavigableMap<Long, Long> takenByAccepted(History history) {
    NavigableMap<Long, Long> taken = new TreeMap<>();
    for (Inflow inflow : history.inflows()) {
      if (inflow.subscription().name().equals(Tally.HEALTHY)) {
        for (Acceptance event : history.accepted().values()) {
          inflow
              .taken(event.number())
              .ifPresent(at -> taken.merge(event.acceptedMicros(), at.atMicros(), Math::max));
        }
      }
    }
    return taken;
  }
}
