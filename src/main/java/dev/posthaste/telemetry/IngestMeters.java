package dev.posthaste.telemetry;

import dev.posthaste.event.Event;
import dev.posthaste.ingest.IngestObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The way in, measured once per commit: next to nothing per event. For all event loops. */
final class IngestMeters implements IngestObserver {
  private final Counter accepted;
  private final Counter repeated;
  private final Counter warned;
  private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
  private final DistributionSummary groups;
  private final Timer commits;
  private final Optional<TenantMeters> tenants;

  IngestMeters(Meters meters, Optional<TenantMeters> tenants) {
    this.tenants = tenants;
    accepted =
        meters.counter("events.accepted", "Events that were committed and answered with 202.");
    repeated =
        meters.counter(
            "events.repeated", "Events whose id had been seen before; answered with 200.");
    warned =
        meters.counter(
            "events.warned",
            "Events that break the rules of their catalog and were let in with a warning.");
    for (Refusal reason : Refusal.values()) {
      refused.put(
          reason,
          meters.counter(
              "events.refused",
              "Events that were not accepted, by reason; a request that cannot be read counts as one.",
              "reason",
              TenantMeters.lower(reason)));
    }
    groups = meters.sizes("commit.events", "Events in one commit.");
    commits =
        meters.timer(
            "commit.duration", "Time of one commit of events, start to end.", Meters.SECONDS);
  }

  @Override
  public void committed(List<Event> events, int repeats, long nanos) {
    accepted.increment(events.size() - repeats);
    repeated.increment(repeats);
    groups.record(events.size());
    commits.record(nanos, TimeUnit.NANOSECONDS);
    tenants.ifPresent(meters -> events.forEach(meters::accepted));
  }

  @Override
  public void warned() {
    warned.increment();
  }

  @Override
  public void refused(Refusal reason, int events) {
    refused.get(reason).increment(events);
  }
}
