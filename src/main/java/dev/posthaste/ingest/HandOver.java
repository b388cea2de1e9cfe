package dev.posthaste.ingest;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.Event;
import dev.posthaste.event.OrderKey;
import java.util.List;
import java.util.function.Predicate;

/** Takes what was committed, so that it goes out. Called on any event loop; must be quick. */
@FunctionalInterface
public interface HandOver {
  /** These are to be delivered at once, from memory. */
  void deliver(List<Delivery> deliveries);

  /** Ordered deliveries wait in the table: they need no more than the word that they are there. */
  default void waiting(List<OrderKey> keys) {}

  /**
   * These were committed, after their publishers were told. Called for every group, so that it must
   * cost nothing while nobody wants to know.
   *
   * @param isNew false for a repeat of an event that was accepted before
   */
  default void accepted(List<Event> events, Predicate<Event> isNew) {}
}
