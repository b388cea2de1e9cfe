package dev.posthaste.cluster;

import dev.posthaste.store.BoundedClock;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;

/** Compares this machine's clock with the database's, at the start and again and again. */
public final class ClockWatch extends VerticleBase {
  private static final long INTERVAL_MILLIS = Duration.ofSeconds(10).toMillis();

  private final BoundedClock clock;

  public ClockWatch(BoundedClock clock) {
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    return clock.look().onSuccess(looked -> lookLater());
  }

  /** While the database is away the clock goes by the last look, and others tell of the outage. */
  private void lookLater() {
    vertx.setTimer(INTERVAL_MILLIS, timer -> clock.look().onComplete(looked -> lookLater()));
  }
}
