package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where order is asked for, an event that was sent after the yes of another one comes for the first
 * time once that one is over: taken or, if it was refused for good, refused for as long as its
 * schedule goes on.
 *
 * <p>A node that stood still may count an attempt that never came. So a schedule that seems to have
 * ended early is excused if there was a fault around it <em>and</em> the delivery has more attempts
 * on its record than arrived.
 */
public final class OneAtATime implements Check {
  private static final long CLOCK_SLACK_MICROS = 20_000;

  private final Deliveries deliveries;
  private final int jitterPercent;
  private final long faultMemoryMicros;

  /**
   * @param jitterPercent by which a wait may be shorter
   * @param faultMemoryMicros for how long after a fault an attempt may be missing because of it
   */
  public OneAtATime(Deliveries deliveries, int jitterPercent, long faultMemoryMicros) {
    this.deliveries = deliveries;
    this.jitterPercent = jitterPercent;
    this.faultMemoryMicros = faultMemoryMicros;
  }

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (Inflow inflow : history.inflows()) {
      inflow
          .ordered(history.accepted())
          .forEach(group -> found.addAll(early(history, inflow, group)));
    }
    return found;
  }

  private Turn turn(Acceptance event, Inflow inflow) {
    long first = inflow.firstMicros(event);
    return inflow
        .taken(event.number())
        .map(taken -> new Turn(event, first, taken.atMicros(), true))
        .orElseGet(
            () -> new Turn(event, first, first + shortestMicros(inflow.subscription()), false));
  }

  private long shortestMicros(Subscription subscription) {
    long planned = subscription.waits().stream().mapToLong(Long::longValue).sum() * 1_000;
    return planned * (100 - jitterPercent) / 100 - CLOCK_SLACK_MICROS;
  }

  private List<Violation> early(History history, Inflow inflow, List<Acceptance> events) {
    List<Turn> turns =
        events.stream()
            .map(event -> turn(event, inflow))
            .sorted(Comparator.comparingLong(Turn::fromMicros))
            .toList();
    List<Violation> found = new ArrayList<>();
    List<Turn> open = new ArrayList<>();
    for (Turn turn : turns) {
      open.removeIf(before -> before.toMicros() <= turn.fromMicros());
      open.stream()
          .filter(before -> before.event().acceptedMicros() < turn.event().sentMicros())
          .filter(before -> !isExcused(history, inflow, before, turn))
          .findFirst()
          .ifPresent(before -> found.add(violation(inflow, before, turn)));
      open.add(turn);
    }
    return found;
  }

  private boolean isExcused(History history, Inflow inflow, Turn before, Turn turn) {
    Span around = new Span(before.fromMicros() - faultMemoryMicros, turn.fromMicros());
    return !before.taken()
        && history.troubled(around)
        && deliveries.reached(inflow.subscription(), before.event())
            > inflow.of(before.event().number()).size();
  }

  private static Violation violation(Inflow inflow, Turn before, Turn turn) {
    return new Violation(
        "one at a time",
        inflow.subscription().name(),
        turn.event().eventId(),
        "arrived %.3f s before %s was over"
            .formatted((before.toMicros() - turn.fromMicros()) / 1e6, before.event().eventId()));
  }

  /** From the first arrival of an event to the moment before which no later one may come. */
  private record Turn(Acceptance event, long fromMicros, long toMicros, boolean taken) {}
}
