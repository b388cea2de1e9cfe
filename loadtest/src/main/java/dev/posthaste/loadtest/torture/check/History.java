package dev.posthaste.loadtest.torture.check;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that was seen from outside.
 *
 * @param accepted by the publisher's number
 * @param takeovers when a node was taken over; that happens to living ones too, if the machine is
 *     too busy for their heartbeats
 */
public record History(
    Map<Integer, Acceptance> accepted,
    List<Inflow> inflows,
    List<FaultSpan> faults,
    List<Span> takeovers) {

  /**
   * What came to one endpoint.
   *
   * @param arrivals by the publisher's number, the first one first
   * @param badSignatures messages whose signature was wrong; they are in no other count
   * @param foreign messages that hold no number of this run
   */
  public record Inflow(
      Subscription subscription,
      Map<Integer, List<Arrival>> arrivals,
      int badSignatures,
      int foreign) {
    /** What came of one event. */
    public List<Arrival> of(int number) {
      return arrivals.getOrDefault(number, List.of());
    }

    /**
     * The accepted events that came, in groups of which each one keeps its order; none where no
     * order is asked for.
     */
    public Collection<List<Acceptance>> ordered(Map<Integer, Acceptance> accepted) {
      Stream<Acceptance> came =
          arrivals.keySet().stream().filter(accepted::containsKey).map(accepted::get);
      return switch (subscription.order()) {
        case NONE -> List.of();
        case FIFO -> List.of(came.toList());
        case BY_CASE -> came.collect(Collectors.groupingBy(Acceptance::caseId)).values();
      };
    }

    /** When the event first came. */
    public long firstMicros(Acceptance event) {
      return of(event.number()).getFirst().atMicros();
    }

    /** When the event was first taken. */
    public Optional<Arrival> taken(int number) {
      return of(number).stream().filter(Arrival::isTaken).findFirst();
    }
  }

  /** Whether there was any fault or takeover at some time within a span. */
  public boolean troubled(Span span) {
    return faults.stream().anyMatch(fault -> fault.span().meets(span))
        || takeovers.stream().anyMatch(span::meets);
  }
}
