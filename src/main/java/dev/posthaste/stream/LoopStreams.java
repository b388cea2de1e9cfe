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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The open streams of one event loop. Belongs to that loop; only {@link #offer}, {@link #skip} and
 * {@link #end} are for any thread. Events come in batches and go out a slice at a time, so that
 * publishers on the same loop do not wait for listeners.
 */
final class LoopStreams {
  private static final int SLICE_EVENTS = 100;
  private static final int SLICE_BYTES = 1 << 20;

  /** What an event takes besides its data, about. */
  private static final int EVENT_BYTES = 512;

  private static final long LOOK_MILLIS = 1_000;
  private static final long FAREWELL_MILLIS = 3_000;

  private final Vertx vertx;
  private final Context context;
  private final Registry registry;
  private final Map<Long, Map<Listener, Supplier<Caller>>> listeners = new HashMap<>();
  private final long maxQueuedBytes;
  private final Deque<Queued> queue = new ArrayDeque<>();
  private final AtomicLong queuedBytes = new AtomicLong();

  /** Tenants whose gap waits to be told; from any thread. */
  private final Set<Long> gaps = ConcurrentHashMap.newKeySet();

  private boolean sending;

  /**
   * On the loop that it will belong to.
   *
   * @param maxQueuedBytes of events that were offered and are not yet handed to their listeners; a
   *     single batch may have more
   */
  LoopStreams(Vertx vertx, Registry registry, long maxQueuedBytes) {
    this.vertx = vertx;
    this.maxQueuedBytes = maxQueuedBytes;
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
    List<Queued> batch =
        events.stream().map(event -> new Queued(() -> send(event), bytesOf(event))).toList();
    long bytes = batch.stream().mapToLong(Queued::bytes).sum();
    if (queuedBytes.addAndGet(bytes) > Math.max(maxQueuedBytes, bytes)) {
      queuedBytes.addAndGet(-bytes);
      long since = IdGenerator.millisOf(events.getFirst().id());
      events.stream().map(Event::tenantId).distinct().forEach(tenant -> skip(tenant, since));
    } else {
      context.runOnContext(v -> enqueue(batch));
    }
  }

  private static int bytesOf(Event event) {
    return EVENT_BYTES + event.data().bytes().length;
  }

  /** Tells the tenant's listeners that events since then were left out. From any thread. */
  void skip(long tenantId, long sinceMillis) {
    if (gaps.add(tenantId)) {
      context.runOnContext(
          v -> enqueue(List.of(new Queued(() -> sendGap(tenantId, sinceMillis), 0))));
    }
  }

  private void enqueue(List<Queued> batch) {
    queue.addAll(batch);
    if (!sending) {
      sending = true;
      sendSlice();
    }
  }

  private void sendSlice() {
    int bytes = 0;
    for (int i = 0; i < SLICE_EVENTS && bytes < SLICE_BYTES && !queue.isEmpty(); i++) {
      Queued next = queue.remove();
      bytes += next.bytes();
      queuedBytes.addAndGet(-next.bytes());
      next.send().run();
    }
    sending = !queue.isEmpty();
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

  /** Another tenant may have got the uid by which an operator named this one. */
  private void look(Listener listener, Supplier<Caller> again, long nanos) {
    try {
      Caller now = again.get();
      if (!listener.isOf(now.tenant())) {
        end(listener, Ending.KEY_GONE);
        return;
      }
      listener.isStill(now);
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

  /** What waits for its slice. */
  private record Queued(Runnable send, int bytes) {}
}
