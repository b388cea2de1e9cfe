package dev.posthaste.telemetry;

import dev.posthaste.cluster.LeaseObserver;
import java.time.Duration;

/** How this node's lease stands. */
final class LeaseMeters implements LeaseObserver {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Duration lease;
  private volatile long heldAtNanos = System.nanoTime();
  private volatile boolean held;

  /**
   * @param lease how long one heartbeat holds it
   */
  LeaseMeters(Meters meters, Duration lease) {
    this.lease = lease;
    meters.gauge(
        "lease.held",
        "1 while this node holds its lease, 0 when others may take its work over.",
        () -> isHeld() ? 1 : 0);
    meters.measure(
        "lease.heartbeat.age",
        "seconds",
        "Time since the last heartbeat of this node that reached the database.",
        () -> (System.nanoTime() - heldAtNanos) / NANOS_PER_SECOND);
  }

  private boolean isHeld() {
    return held && System.nanoTime() - heldAtNanos < lease.toNanos();
  }

  @Override
  public void held() {
    heldAtNanos = System.nanoTime();
    held = true;
  }

  @Override
  public void lost() {
    held = false;
  }
}
