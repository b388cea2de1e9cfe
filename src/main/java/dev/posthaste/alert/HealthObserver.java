package dev.posthaste.alert;

import dev.posthaste.dispatch.DispatchObserver;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Reply;
import dev.posthaste.store.HealthStore.Change;
import dev.posthaste.store.HealthStore.Standing;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers how the endpoints of one event loop fare until it is asked: at most one entry each, and
 * none for an endpoint that only succeeds.
 */
final class HealthObserver implements DispatchObserver {
  private static final long MICROS = 1_000;

  /** A failure on another node is known here two heartbeats later, or three. */
  private static final int REMEMBERED_TAKES = 4;

  private final Context context;
  private final FailingEndpoints failing;
  private final RecentSuccesses successes = new RecentSuccesses();
  private int takes;
  private Map<Long, Change> changes = new HashMap<>();

  /** To be called on the loop that it will belong to. */
  HealthObserver(Vertx vertx, FailingEndpoints failing) {
    this.context = vertx.getOrCreateContext();
    this.failing = failing;
  }

  @Override
  public void attempted(Endpoint endpoint, Delivery delivery, Attempt attempt) {
    if (endpoint.isDirect()) {
      return;
    }
    long id = endpoint.id();
    switch (attempt.outcome()) {
      case DELIVERED -> {
        successes.note(id, endOf(attempt));
        if (failing.contains(id) || (!changes.isEmpty() && changes.containsKey(id))) {
          add(new Change(id, 0, 0, 0, endOf(attempt)));
        }
      }
      case RETRYING -> add(new Change(id, 0, endOf(attempt), endOf(attempt), 0));
      case FAILED -> add(new Change(id, 1, endOf(attempt), endOf(attempt), 0));
      case DISCARDED -> {}
    }
  }

  private void add(Change change) {
    changes.merge(change.endpointId(), change, Change::then);
  }

  private static long endOf(Attempt attempt) {
    return attempt.startedAtMillis()
        + attempt.reply().map(Reply::latencyMicros).orElse(0L) / MICROS;
  }

  /** Hands out what was gathered and begins anew. From any thread. */
  Future<Map<Long, Change>> take() {
    Promise<Map<Long, Change>> answer = Promise.promise();
    context.runOnContext(v -> answer.complete(taken()));
    return answer.future();
  }

  /** While a failure is on its way to the table, a success must not pass for no news. */
  private Map<Long, Change> taken() {
    if (++takes % REMEMBERED_TAKES == 0) {
      successes.age();
    }
    Map<Long, Change> all = changes;
    changes = new HashMap<>();
    all.values().stream()
        .filter(change -> change.firstFailureMillis() > 0)
        .forEach(change -> failing.set(change.endpointId(), true));
    return all;
  }

  /**
   * Endpoints fail that were not known to, so successes of theirs may have passed for no news. From
   * any thread.
   */
  void recall(List<Standing> standings) {
    context.runOnContext(v -> standings.forEach(this::recall));
  }

  private void recall(Standing standing) {
    long last = successes.last(standing.endpointId());
    boolean isNews =
        standing.failingSince().filter(since -> last >= since.toEpochMilli()).isPresent();
    if (isNews) {
      Change success = new Change(standing.endpointId(), 0, 0, 0, last);
      changes.merge(standing.endpointId(), success, (known, late) -> late.then(known));
    }
  }
}
