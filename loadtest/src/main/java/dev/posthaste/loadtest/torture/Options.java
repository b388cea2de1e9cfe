package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.torture.check.Hearing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a run goes.
 *
 * @param rate events per second
 * @param duration of the faults, if kills does not say
 * @param kills go on until so many processes were killed
 * @param faults of which kinds
 * @param hearing when a node that is well must have heard of a change of an endpoint
 * @param work an empty folder for data and logs
 */
record Options(
    Path jar,
    Path work,
    int nodes,
    int rate,
    Duration duration,
    OptionalInt kills,
    long seed,
    List<FaultKind> faults,
    Duration hearing) {
  /**
   * What a node that was paused or cut off needs beyond that: it looks by itself each second, after
   * it has found its database again, for which it has two seconds and a pause of one.
   */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** How nodes hear of changes. */
  Hearing hearingOfChanges() {
    return new Hearing(hearing.toNanos() / 1_000, GRACE.toNanos() / 1_000);
  }

  /** Clean restarts only: then nothing may come twice either. */
  boolean isRolling() {
    return faults.equals(List.of(FaultKind.ROLLING));
  }
}
