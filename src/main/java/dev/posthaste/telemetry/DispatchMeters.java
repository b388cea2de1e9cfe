package dev.posthaste.telemetry;

import dev.posthaste.dispatch.DispatchObserver;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What one dispatcher does. Told on its event loop; read at each scrape. */
final class DispatchMeters implements DispatchObserver {
  private static final Load NOTHING = new Load(0, 0, 0, 0, 0, 0);

  private final AttemptMeters attempts;
  private final OutcomeMeters outcomes;
  private final AtomicInteger buffered = new AtomicInteger();
  private volatile Load load = NOTHING;

  DispatchMeters(AttemptMeters attempts, OutcomeMeters outcomes) {
    this.attempts = attempts;
    this.outcomes = outcomes;
  }

  Load load() {
    return load;
  }

  int bufferedOutcomes() {
    return buffered.get();
  }

  @Override
  public void started(Delivery delivery, long waitedMillis) {
    attempts.started(waitedMillis);
  }

  @Override
  public void attempted(Endpoint endpoint, Delivery delivery, Attempt attempt) {
    attempts.attempted(endpoint, delivery, attempt);
  }

  @Override
  public void parked(Delivery delivery, Deferral.Reason reason) {
    outcomes.parked(reason).increment();
  }

  @Override
  public void discarded(Delivery delivery) {
    outcomes.discarded().increment();
  }

  @Override
  public void recorded(int group, long nanos) {
    outcomes.groups().record(group);
    outcomes.commits().record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void buffered(int waiting) {
    buffered.lazySet(waiting);
  }

  @Override
  public void loaded(Load now) {
    load = now;
  }
}
