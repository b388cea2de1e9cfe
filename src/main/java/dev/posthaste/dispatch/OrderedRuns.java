package dev.posthaste.dispatch;

import dev.posthaste.event.Deferral;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.OrderLease;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Keeps claimed runs in order: of each run one delivery is in the hands of the dispatcher, the
 * others wait here until it is over. If it is not over but put off, all of them go back to the
 * table with it. Belongs to one event loop.
 *
 * <p>The next delivery goes when the outcome of the one before is known, not when it is committed.
 * A crash in between leaves both rows in the table: the older one is made again, then the younger
 * one again. The receiver sees repeats, but after the last of them it has seen all in order. The
 * next run of the key is claimed only after the last outcome of this one is committed.
 */
final class OrderedRuns {
  private final OutcomeRecorder recorder;
  private final Consumer<List<Delivery>> offer;
  private final IdentityHashMap<OrderLease, Run> runs = new IdentityHashMap<>();

  /**
   * @param offer takes a delivery whose turn it is
   */
  OrderedRuns(OutcomeRecorder recorder, Consumer<List<Delivery>> offer) {
    this.recorder = recorder;
    this.offer = offer;
  }

  /** Those of the given deliveries whose turn it is; the whole run of a lease comes together. */
  List<Delivery> turns(List<Delivery> given) {
    if (given.stream().allMatch(delivery -> delivery.order().isEmpty())) {
      return given;
    }
    List<Delivery> turns = new ArrayList<>(given.size());
    for (Delivery delivery : given) {
      if (delivery.order().isEmpty() || isFirst(delivery, delivery.order().get())) {
        turns.add(delivery);
      }
    }
    return turns;
  }

  private boolean isFirst(Delivery delivery, OrderLease lease) {
    Run run = runs.computeIfAbsent(lease, unknown -> new Run(delivery.id()));
    if (run.current.equals(delivery.id())) {
      return true;
    }
    run.behind.add(delivery);
    return false;
  }

  /** The delivery is over: the next one goes. */
  void ended(Delivery delivery) {
    OrderLease lease = delivery.order().orElseThrow();
    Run run = runs.get(lease);
    if (run == null || !run.current.equals(delivery.id())) {
      return;
    }
    if (run.behind.isEmpty()) {
      runs.remove(lease);
      return;
    }
    Delivery next = run.behind.remove();
    run.current = next.id();
    offer.accept(List.of(next));
  }

  /** The delivery was put off: those behind it wait for it in the table. */
  void putOff(Delivery delivery, Deferral deferral) {
    OrderLease lease = delivery.order().orElseThrow();
    Run run = runs.get(lease);
    if (run == null || !run.current.equals(delivery.id())) {
      return;
    }
    runs.remove(lease);
    lease.giveBack(deferral.delay(), isUntried(deferral.reason()));
    for (Delivery behind : run.behind) {
      recorder.parks(
          behind,
          new Deferral(
              behind.id(),
              behind.attempts(),
              Duration.ZERO,
              behind.trigger(),
              Deferral.Reason.ORDER));
    }
  }

  private static boolean isUntried(Deferral.Reason reason) {
    return reason != Deferral.Reason.RETRY && reason != Deferral.Reason.ORDER;
  }

  private static final class Run {
    private final Queue<Delivery> behind = new ArrayDeque<>();
    private DeliveryId current;

    Run(DeliveryId current) {
      this.current = current;
    }
  }
}
