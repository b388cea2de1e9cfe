package dev.posthaste.alert;

import dev.posthaste.alert.ExhaustedObserver.Batch;
import dev.posthaste.alert.ExhaustedObserver.Exhausted;
import dev.posthaste.event.Event;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Reply;
import dev.posthaste.store.HealthStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tells operators of deliveries that failed for good: so many in a second, in one batch per round,
 * and of the others only the number. While the database is away some are kept. Belongs to one event
 * loop.
 */
final class ExhaustedReport {
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** How many seconds' worth is kept while the database is away. */
  private static final int KEPT_SECONDS = 30;

  private final HealthStore store;
  private final AlertEvents events;
  private final int perSecond;
  private final int perRound;
  private final Supplier<Future<List<Batch>>> gather;

  private final Deque<Exhausted> kept = new ArrayDeque<>();
  private long suppressed;
  private long lastNanos = System.nanoTime() - SECOND_NANOS;

  /**
   * @param perRound the most that one round tells of
   */
  ExhaustedReport(
      HealthStore store,
      AlertEvents events,
      int perSecond,
      int perRound,
      Supplier<Future<List<Batch>>> gather) {
    this.store = store;
    this.events = events;
    this.perSecond = perSecond;
    this.perRound = perRound;
    this.gather = gather;
  }

  /** One round; not to be called while another is under way. */
  Future<Void> round() {
    return gather.get().compose(this::tell);
  }

  private Future<Void> tell(List<Batch> batches) {
    long allowed = allowance();
    for (Batch batch : batches) {
      suppressed += batch.suppressed();
      for (Exhausted delivery : batch.deliveries()) {
        if (allowed > 0 && kept.size() < perSecond * KEPT_SECONDS) {
          allowed--;
          kept.add(delivery);
        } else {
          suppressed++;
        }
      }
    }
    if (kept.isEmpty()) {
      return Future.succeededFuture();
    }
    long counted = suppressed;
    return store
        .append(told(counted))
        .onSuccess(
            v -> {
              kept.clear();
              suppressed -= counted;
            });
  }

  /** What the time since the round before allows. */
  private long allowance() {
    long now = System.nanoTime();
    long allowed = perSecond * (now - lastNanos) / SECOND_NANOS;
    if (allowed > perRound) {
      lastNanos = now;
      return perRound;
    }
    lastNanos += allowed * SECOND_NANOS / perSecond;
    return allowed;
  }

  private List<Event> told(long counted) {
    List<Event> told = new ArrayList<>();
    for (Exhausted delivery : kept) {
      told.addAll(
          events.forOperators(
              AlertType.DELIVERY_EXHAUSTED,
              delivery.endpoint(),
              details(delivery).put("suppressed", told.isEmpty() ? counted : 0)));
    }
    return told;
  }

  private static JsonObject details(Exhausted delivery) {
    var attempt = delivery.attempt();
    Reply reply = attempt.reply().orElse(null);
    return new JsonObject()
        .put("eventId", PublicId.EVENT.format(attempt.delivery().eventId()))
        .put("eventType", delivery.eventType())
        .put("deliveryId", attempt.delivery().toString())
        .put("attempts", attempt.number())
        .put("lastHttpStatus", reply instanceof Reply.Answered answered ? answered.status() : null)
        .put(
            "lastError",
            reply instanceof Reply.Unanswered unanswered
                ? unanswered.reason().code()
                : "http_error");
  }
}
