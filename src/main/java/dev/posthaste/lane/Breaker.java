package dev.posthaste.lane;

/**
 * Stops sending to an endpoint that only fails. Closed, it counts failures in a row; open, it lets
 * one probe go per interval, which doubles with every probe that fails; a good answer closes it.
 */
public final class Breaker {
  private final Rules rules;
  private int failures;
  private boolean open;
  private boolean probing;
  private long intervalNanos;
  private long probeAtNanos;

  public Breaker(Rules rules) {
    this.rules = rules;
  }

  /**
   * When it opens and how it probes.
   *
   * @param failures in a row that open it
   * @param probeNanos from opening to the first probe
   * @param maxProbeNanos the longest wait between two probes, what the endpoint itself asks for
   *     left aside
   */
  public record Rules(int failures, long probeNanos, long maxProbeNanos) {}

  public boolean isOpen() {
    return open;
  }

  /** Whether a delivery may go now; when it is open, as the one probe. */
  public boolean admits(long nowNanos) {
    return !open || (!probing && nowNanos - probeAtNanos >= 0);
  }

  /** When the next probe may go; only while it is open. */
  public long probeAtNanos() {
    return probeAtNanos;
  }

  /** Whether a probe is under way. */
  public boolean isProbing() {
    return probing;
  }

  /** A delivery goes out that it admitted; true if that is a probe. */
  public boolean started() {
    probing = open;
    return open;
  }

  /** The endpoint has answered well, whatever the delivery was; true if that closed the breaker. */
  public boolean succeeded() {
    boolean closed = open;
    failures = 0;
    open = false;
    probing = false;
    return closed;
  }

  /**
   * The endpoint has failed. While the breaker is open only probes count: what went out before says
   * nothing new.
   *
   * @param floorNanos no probe before this much time has passed; 0 if the endpoint asked for none
   * @return whether that opened the breaker
   */
  public boolean failed(long nowNanos, long floorNanos, boolean wasProbe) {
    if (open) {
      if (wasProbe) {
        intervalNanos = Math.min(intervalNanos * 2, rules.maxProbeNanos);
        putOff(nowNanos, floorNanos);
      }
      return false;
    }
    failures++;
    if (failures < rules.failures) {
      return false;
    }
    open = true;
    intervalNanos = rules.probeNanos;
    putOff(nowNanos, floorNanos);
    return true;
  }

  /** A probe has ended without a word about the endpoint: another one goes an interval later. */
  public void probeLost(long nowNanos) {
    if (open) {
      putOff(nowNanos, 0);
    }
  }

  private void putOff(long nowNanos, long floorNanos) {
    probing = false;
    probeAtNanos = nowNanos + Math.max(intervalNanos, floorNanos);
  }
}
