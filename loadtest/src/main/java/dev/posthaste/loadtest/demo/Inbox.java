package dev.posthaste.loadtest.demo;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What one endpoint of the demo got. Thread-safe. */
final class Inbox {
  private static final int FIRST_EVENTS = 20;
  private static final int REFUSALS = 2;

  private final Subscriber subscriber;
  private final Map<String, Delivery> deliveries = new ConcurrentHashMap<>();
  private final AtomicInteger announcements = new AtomicInteger();
  private final AtomicInteger badSignatures = new AtomicInteger();

  Inbox(Subscriber subscriber) {
    this.subscriber = subscriber;
  }

  /**
   * One event as far as it has come.
   *
   * @param taken how often it was answered with 200
   * @param arrivedMillis when that was first
   * @param body of that time
   */
  record Delivery(int order, int tries, int taken, long arrivedMillis, Optional<String> body) {}

  Subscriber subscriber() {
    return subscriber;
  }

  /** Notes a try, and gives the status to answer; empty for no answer. */
  Optional<Integer> offer(String eventId, String body) {
    Delivery now =
        deliveries.compute(
            eventId,
            (id, before) -> {
              Delivery known =
                  before == null
                      ? new Delivery(deliveries.size(), 0, 0, 0, Optional.empty())
                      : before;
              Delivery tried =
                  new Delivery(
                      known.order(),
                      known.tries() + 1,
                      known.taken(),
                      known.arrivedMillis(),
                      known.body());
              return status(tried).equals(Optional.of(200)) ? take(tried, body) : tried;
            });
    return status(now);
  }

  private static Delivery take(Delivery tried, String body) {
    boolean first = tried.taken() == 0;
    return new Delivery(
        tried.order(),
        tried.tries(),
        tried.taken() + 1,
        first ? System.currentTimeMillis() : tried.arrivedMillis(),
        first ? Optional.of(body) : tried.body());
  }

  private Optional<Integer> status(Delivery delivery) {
    return switch (subscriber.mood()) {
      case HEALTHY -> Optional.of(200);
      case RECOVERING ->
          Optional.of(delivery.order() < FIRST_EVENTS && delivery.tries() <= REFUSALS ? 500 : 200);
      case HANGING -> Optional.empty();
      case GONE -> Optional.of(410);
      case BROKEN -> Optional.of(500);
    };
  }

  void announcement() {
    announcements.incrementAndGet();
  }

  void badSignature() {
    badSignatures.incrementAndGet();
  }

  Optional<Delivery> of(String eventId) {
    return Optional.ofNullable(deliveries.get(eventId)).filter(known -> known.taken() > 0);
  }

  int announcements() {
    return announcements.get();
  }

  int badSignatures() {
    return badSignatures.get();
  }

  int arrived() {
    return (int) deliveries.values().stream().filter(known -> known.taken() > 0).count();
  }

  int retried() {
    return deliveries.values().stream().mapToInt(known -> known.tries() - 1).sum() - duplicates();
  }

  int duplicates() {
    return deliveries.values().stream().mapToInt(known -> Math.max(0, known.taken() - 1)).sum();
  }
}
