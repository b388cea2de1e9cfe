package dev.posthaste.event;

/**
 * Counts down the deliveries of an accepted batch until each has a final attempt or a deferred row
 * in PostgreSQL: then a restart no longer needs to look for them.
 */
@FunctionalInterface
public interface Settlement {
  /** For deliveries that have a deferred row from the start. */
  Settlement NONE = () -> {};

  /** One delivery more is settled. Called on any event loop. */
  void settled();
}
