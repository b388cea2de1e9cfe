package dev.posthaste.ingest;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.OrderKey;
import java.util.List;

/** Takes what was committed, so that it goes out. Called on any event loop; must be quick. */
@FunctionalInterface
public interface HandOver {
  /** These are to be delivered at once, from memory. */
  void deliver(List<Delivery> deliveries);

  /** Ordered deliveries wait in the table: they need no more than the word that they are there. */
  default void waiting(List<OrderKey> keys) {}
}
