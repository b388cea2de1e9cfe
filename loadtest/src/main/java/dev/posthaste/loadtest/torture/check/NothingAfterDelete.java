package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.ArrayList;
import java.util.List;

/**
 * Once a deletion was answered, no attempt begins on a node that could have heard of it. A node
 * that was paused or cut off from the database has until the end of that and a grace.
 *
 * @param hearing how nodes hear of changes
 */
public record NothingAfterDelete(Hearing hearing) implements Check {
  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (Inflow inflow : history.inflows()) {
      inflow
          .subscription()
          .deletedMicros()
          .ifPresent(
              deleted ->
                  found.addAll(late(inflow, deleted, hearing.by(history.faults(), deleted))));
    }
    return found;
  }

  /**
   * The longest time from the answer to a deletion to the last attempt that came; of deletions
   * during which every node was well. 0 if nothing came.
   */
  public long latestMicros(History history) {
    return history.inflows().stream()
        .filter(inflow -> inflow.subscription().deletedMicros().isPresent())
        .mapToLong(inflow -> latest(inflow, history))
        .max()
        .orElse(0);
  }

  private long latest(Inflow inflow, History history) {
    long deleted = inflow.subscription().deletedMicros().orElseThrow();
    boolean blinded = hearing.by(history.faults(), deleted) > deleted + hearing.latencyMicros();
    return blinded
        ? 0
        : inflow.arrivals().values().stream()
            .mapToLong(arrivals -> arrivals.getLast().atMicros() - deleted)
            .filter(after -> after > 0)
            .max()
            .orElse(0);
  }

  private static List<Violation> late(Inflow inflow, long deleted, long heard) {
    List<Violation> found = new ArrayList<>();
    inflow
        .arrivals()
        .forEach(
            (number, arrivals) -> {
              Arrival last = arrivals.getLast();
              if (last.atMicros() > heard) {
                found.add(
                    new Violation(
                        "nothing after delete",
                        inflow.subscription().name(),
                        "",
                        "event number %d came %.3f s after the deletion"
                            .formatted(number, (last.atMicros() - deleted) / 1e6)));
              }
            });
    return found;
  }
}
