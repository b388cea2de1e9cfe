package dev.posthaste.alert;

import dev.posthaste.dispatch.DispatchObserver;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/** Gathers the deliveries of one event loop that failed for good, as many as will be told of. */
final class ExhaustedObserver implements DispatchObserver {
  private final Context context;
  private final AlertEvents events;
  private final int most;
  private List<Exhausted> gathered = new ArrayList<>();
  private long suppressed;

  /**
   * To be called on the loop that it will belong to.
   *
   * @param most that it holds; of the others it knows the number
   */
  ExhaustedObserver(Vertx vertx, AlertEvents events, int most) {
    this.context = vertx.getOrCreateContext();
    this.events = events;
    this.most = most;
  }

  @Override
  public void attempted(Endpoint endpoint, Delivery delivery, Attempt attempt) {
    if (attempt.outcome() != Attempt.Outcome.FAILED
        || endpoint.isDirect()
        || !events.isWanted(AlertType.DELIVERY_EXHAUSTED)
        || events.isOperators(endpoint)) {
      return;
    }
    if (gathered.size() < most) {
      gathered.add(new Exhausted(endpoint, delivery.event().type(), attempt));
    } else {
      suppressed++;
    }
  }

  /** Hands out what was gathered and begins anew. From any thread. */
  Future<Batch> take() {
    Promise<Batch> answer = Promise.promise();
    context.runOnContext(
        v -> {
          answer.complete(new Batch(gathered, suppressed));
          gathered = new ArrayList<>();
          suppressed = 0;
        });
    return answer.future();
  }

  /**
   * A delivery that failed for good.
   *
   * @param attempt the last one
   */
  record Exhausted(Endpoint endpoint, String eventType, Attempt attempt) {}

  /**
   * What was gathered.
   *
   * @param suppressed how many there were besides
   */
  record Batch(List<Exhausted> deliveries, long suppressed) {}
}
