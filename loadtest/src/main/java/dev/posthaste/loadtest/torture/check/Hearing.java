package dev.posthaste.loadtest.torture.check;

import java.util.List;

/**
 * When every node has heard of a change.
 *
 * @param latencyMicros in which a node that is well hears of it
 * @param graceMicros in which one that was paused or cut off reads again what changed
 */
public record Hearing(long latencyMicros, long graceMicros) {
  /** By when a change is known everywhere that was made at a moment. */
  public long by(List<FaultSpan> faults, long changedMicros) {
    long heard = changedMicros + latencyMicros;
    boolean moved = true;
    while (moved) {
      long before = heard;
      heard =
          faults.stream()
              .filter(FaultSpan::blinding)
              .filter(fault -> fault.span().fromMicros() <= before)
              .mapToLong(fault -> fault.span().toMicros() + graceMicros)
              .filter(until -> until > before)
              .max()
              .orElse(before);
      moved = heard > before;
    }
    return heard;
  }
}
