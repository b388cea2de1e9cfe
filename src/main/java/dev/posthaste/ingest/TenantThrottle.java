package dev.posthaste.ingest;

import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.http.Throttle;
import dev.posthaste.http.Throttle.Taken;
import java.util.List;

/** Lets each tenant post so many events a second. For any event loop. */
final class TenantThrottle {
  private final Throttle throttle;

  TenantThrottle(Throttle throttle) {
    this.throttle = throttle;
  }

  /**
   * Counts events that want to be accepted. One request may overdraw; the next one then waits.
   *
   * @throws ProblemException 429 for all of them if a tenant has used up what it may
   */
  void admit(List<Candidate> candidates) {
    if (!throttle.isOn()) {
      return;
    }
    int start = 0;
    for (int i = 1; i <= candidates.size(); i++) {
      long tenant = candidates.get(start).tenant().id();
      if (i == candidates.size() || candidates.get(i).tenant().id() != tenant) {
        admit(tenant, i - start);
        start = i;
      }
    }
  }

  private void admit(long tenant, int events) {
    Taken taken = throttle.take(tenant, events, System.nanoTime());
    if (!taken.granted()) {
      throw new ProblemException(
          Problem.overloaded(
              "This tenant may post "
                  + throttle.perSecond()
                  + " events a second. Send these again later.",
              taken.retrySeconds()));
    }
  }
}
