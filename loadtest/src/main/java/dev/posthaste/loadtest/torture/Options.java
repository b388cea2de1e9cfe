package dev.posthaste.loadtest.torture;

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
    List<FaultKind> faults) {
  /** Clean restarts only: then nothing may come twice either. */
  boolean isRolling() {
    return faults.equals(List.of(FaultKind.ROLLING));
  }
}
