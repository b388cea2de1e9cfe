package dev.posthaste.loadtest.gatling;

import dev.posthaste.loadtest.plan.Leg;
import dev.posthaste.loadtest.plan.Plan;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Whether a rising rate is so far beyond what holds that the next step says nothing: requests of so
 * much time are unanswered, a tenth of a leg is refused, or the injector itself is as late.
 * Thread-safe.
 */
final class Overrun {
  private static final double MILLIS = 1_000;
  private static final double MOST_REFUSED = 0.1;
  private static final int FEWEST_WAITING = 100;

  private final Plan plan;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicIntegerArray refused;
  private volatile int leg;
  private volatile boolean late;

  Overrun(Plan plan) {
    this.plan = plan;
    this.refused = new AtomicIntegerArray(plan.legs().size());
  }

  void sent(int inLeg, long lateMicros) {
    leg = inLeg;
    waiting.incrementAndGet();
    late |= mayStop(inLeg) && lateMicros > plan.stopMillis() * MILLIS;
  }

  void answered(boolean refusal) {
    waiting.decrementAndGet();
    if (refusal) {
      refused.incrementAndGet(leg);
    }
  }

  /** While it warms up, what is slow says nothing. */
  private boolean mayStop(int inLeg) {
    return plan.stopMillis() > 0 && plan.legs().get(inLeg).measured();
  }

  boolean isReached() {
    if (!mayStop(leg)) {
      return false;
    }
    Leg now = plan.legs().get(leg);
    double rate = Math.max(now.from(), now.to());
    return late
        || waiting.get() > Math.max(FEWEST_WAITING, rate * plan.stopMillis() / MILLIS)
        || refused.get(leg) > Math.max(FEWEST_WAITING, rate * now.seconds() * MOST_REFUSED);
  }
}
