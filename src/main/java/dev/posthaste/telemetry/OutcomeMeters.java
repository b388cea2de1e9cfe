package dev.posthaste.telemetry;

import dev.posthaste.event.Deferral;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;

/** What was put off or given up without an attempt, and how outcomes are committed. */
final class OutcomeMeters {
  private final Map<Deferral.Reason, Counter> parked = new EnumMap<>(Deferral.Reason.class);
  private final Counter discarded;
  private final DistributionSummary groups;
  private final Timer commits;

  OutcomeMeters(Meters meters) {
    for (Deferral.Reason reason : Deferral.Reason.values()) {
      parked.put(
          reason,
          meters.counter(
              "deliveries.parked",
              "Deliveries that were put off without an attempt, by reason.",
              "reason",
              TenantMeters.lower(reason)));
    }
    discarded =
        meters.counter(
            "deliveries.discarded",
            "Deliveries that were given up without an attempt: nobody wants them any more.");
    groups = meters.sizes("outcome.group", "Outcomes in one commit.");
    commits =
        meters.timer(
            "outcome.commit.duration",
            "Time of one commit of outcomes, start to end.",
            Meters.SECONDS);
  }

  Counter parked(Deferral.Reason reason) {
    return parked.get(reason);
  }

  Counter discarded() {
    return discarded;
  }

  DistributionSummary groups() {
    return groups;
  }

  Timer commits() {
    return commits;
  }
}
