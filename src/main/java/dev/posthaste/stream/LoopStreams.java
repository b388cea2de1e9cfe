package dev.posthaste.stream;

import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.http.Caller;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The open streams of one event loop. Belongs to that loop; only {@link #offer}, {@link #skip} and
 * {@link #end} are for any thread. Events come in batches and go out a slice at a time, so that
 * publishers on the same loop do not wait for listeners.
 */
final class LoopStreams {
  private static final int SLICE = 100;
  private static final int MAX_WAITING_EVENTS = 20_000;
  private static final long LOOK_MILLIS = 1_000;
  private static final long FAREWELL_MILLIS = 3_000;

  private final Vertx vertx;
  private final Context context;
  private final Registry registry;
  private final Map<Long, Map<Listener, Supplier<Caller>>> listeners = new HashMap<>();
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final AtomicInteger waitingEvents = new AtomicInteger();

  /** Tenants whose gap waits to be told; from any thread. */
  private final Set<Long> gaps = ConcurrentHashMap.newKeySet();

  private boolean sending;

  /** On the loop that it will belong to. */
  LoopStreams(Vertx vertx, Registry registry) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.registry = registry;
    vertx.setPeriodic(LOOK_MILLIS, timer -> look(System.nanoTime()));
  }

  /**
   * From now on it hears its tenant.
   *
   * @param again lets the caller in anew; throws when the key is good no more
   */
  void add(long tenantId, Listener listener, Supplier<Caller> again) {
    listeners.computeIfAbsent(tenantId, id -> new LinkedHashMap<>()).put(listener, again);
  }

  void remove(long tenantId, Listener listener) {
    listeners.computeIfPresent(
        tenantId,
        (id, own) -> {
          own.remove(listener);
          return own.isEmpty() ? null : own;
        });
  }

  /**
   * Takes events to send. From any thread. If this loop is too far behind, they are left out and
   * their listeners are told.
   */
  void offer(List<Event> events) {
    if (events.isEmpty()) {
      return;
    }
    if (waitingEvents.addAndGet(events.size()) > MAX_WAITING_EVENTS) {
      waitingEvents.addAndGet(-events.size());
      events.stream()
          .map(Event::tenantId)
          .distinct()
          .forEach(tenant -> skip(tenant, IdGenerator.millisOf(events.getFirst().id())));
    } else {
      List<Runnable> messages = events.stream().<Runnable>map(event -> () -> send(event)).toList();
      context.runOnContext(v -> enqueue(messages));
    }
  }

  /** Tells the tenant's listeners that events since then were left out. From any thread. */
  void skip(long tenantId, long sinceMillis) {
    if (gaps.add(tenantId)) {
      waitingEvents.incrementAndGet();
      context.runOnContext(v -> enqueue(List.of(() -> sendGap(tenantId, sinceMillis))));
    }
  }

  private void enqueue(List<Runnable> messages) {
    waiting.addAll(messages);
    if (!sending) {
      sending = true;
      sendSlice();
    }
  }

  private void sendSlice() {
    for (int i = 0; i < SLICE && !waiting.isEmpty(); i++) {
      waitingEvents.decrementAndGet();
      waiting.remove().run();
    }
    sending = !waiting.isEmpty();
    if (sending) {
      context.runOnContext(v -> sendSlice());
    }
  }

  private void send(Event event) {
    Optional<StreamMessage> message = Optional.empty();
    for (Listener listener : listeners.getOrDefault(event.tenantId(), Map.of()).keySet()) {
      if (listener.wants(event, registry)) {
        message = message.or(() -> Optional.of(StreamMessage.of(event)));
        send(listener, message.get());
      }
    }
  }

  private void sendGap(long tenantId, long sinceMillis) {
    gaps.remove(tenantId);
    StreamMessage message = StreamMessage.gap(sinceMillis);
    listeners
        .getOrDefault(tenantId, Map.of())
        .keySet()
        .forEach(listener -> send(listener, message));
  }

  private void send(Listener listener, StreamMessage message) {
    listener.send(message).ifPresent(why -> end(listener, why));
  }

  private void look(long nanos) {
    List.copyOf(listeners.values())
        .forEach(own -> Map.copyOf(own).forEach((listener, again) -> look(listener, again, nanos)));
  }

  private void look(Listener listener, Supplier<Caller> again, long nanos) {
    try {
      listener.isStill(again.get());
      listener.look(nanos).ifPresent(why -> end(listener, why));
    } catch (ProblemException e) {
      end(listener, Ending.KEY_GONE);
    }
  }

  private Future<Void> end(Listener listener, Ending why) {
    if (listener.isEnding()) {
      return Future.succeededFuture();
    }
    long timer = vertx.setTimer(FAREWELL_MILLIS, late -> listener.cut());
    return listener.end(why).onComplete(ended -> vertx.cancelTimer(timer));
  }

  /** Ends all streams; the future is done when they are. From any thread. */
  Future<Void> end(Ending why) {
    Promise<Void> ended = Promise.promise();
    context.runOnContext(
        v ->
            Future.join(
                    listeners.values().stream()
                        .map(Map::keySet)
                        .flatMap(Set::stream)
                        .map(listener -> end(listener, why))
                        .toList())
                .<Void>mapEmpty()
                .onComplete(ended));
    return ended.future().timeout(2 * FAREWELL_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty();
  }
}
