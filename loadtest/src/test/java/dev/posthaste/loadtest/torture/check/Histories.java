package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.Arrival.Answer;
import dev.posthaste.loadtest.torture.check.Deliveries.Delivery;
import dev.posthaste.loadtest.torture.check.History.Inflow;
import dev.posthaste.loadtest.torture.check.Subscription.Order;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A history of one endpoint, told in seconds. */
final class Histories {
  static final String TYPE = "torture.main";

  private final Map<Integer, Acceptance> accepted = new HashMap<>();
  private final Map<Integer, List<Arrival>> arrivals = new HashMap<>();
  private final List<FaultSpan> faults = new ArrayList<>();
  private final List<Span> off = new ArrayList<>();
  private final List<Span> blurred = new ArrayList<>();
  private OptionalLong deleted = OptionalLong.empty();
  private Order order = Order.NONE;
  private boolean takesAll = true;
  private int badSignatures;

  /** The server's records, empty or with the same delivery for each event; these have failed. */
  static Deliveries records(Optional<Delivery> each, String... failed) {
    return new Deliveries() {
      @Override
      public Optional<Delivery> find(String eventId, String endpointId) {
        return each;
      }

      @Override
      public Set<String> failedEvents(String endpointId) {
        return Set.of(failed);
      }
    };
  }

  static Deliveries noRecords() {
    return records(Optional.empty());
  }

  private static long micros(double seconds) {
    return Math.round(seconds * 1e6);
  }

  Histories accepted(int number, double sent, double yes) {
    return accepted(number, "case-1", sent, yes);
  }

  Histories accepted(int number, String caseId, double sent, double yes) {
    accepted.put(
        number, new Acceptance(number, TYPE, "evt_" + number, caseId, micros(sent), micros(yes)));
    return this;
  }

  Histories arrived(int number, double at, Answer answer) {
    return arrivedAs("evt_" + number, number, at, answer);
  }

  Histories arrivedAs(String eventId, int number, double at, Answer answer) {
    arrivals
        .computeIfAbsent(number, first -> new ArrayList<>())
        .add(new Arrival(micros(at), answer, eventId.hashCode()));
    return this;
  }

  Histories fault(double from, double to, boolean blinding) {
    faults.add(new FaultSpan("some", "", new Span(micros(from), micros(to)), blinding));
    return this;
  }

  Histories off(double from, double to) {
    off.add(new Span(micros(from), micros(to)));
    return this;
  }

  Histories blurred(double from, double to) {
    blurred.add(new Span(micros(from), micros(to)));
    return this;
  }

  Histories deleted(double at) {
    deleted = OptionalLong.of(micros(at));
    return this;
  }

  Histories ordered(Order wanted) {
    order = wanted;
    return this;
  }

  Histories refusesSome() {
    takesAll = false;
    return this;
  }

  Histories badSignatures(int count) {
    badSignatures = count;
    return this;
  }

  History done() {
    Subscription subscription =
        new Subscription(
            Tally.HEALTHY,
            "ep_1",
            TYPE,
            takesAll,
            List.of(1_000L, 2_000L),
            order,
            off,
            blurred,
            deleted);
    return new History(
        accepted, List.of(new Inflow(subscription, arrivals, badSignatures, 0)), faults, List.of());
  }
}
