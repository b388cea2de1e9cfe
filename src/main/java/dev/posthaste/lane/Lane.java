package dev.posthaste.lane;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The deliveries that wait in memory for one endpoint, and how many of them are in flight. What
 * does not fit is not taken: the caller defers it.
 */
public final class Lane {
  private final long endpointId;
  private final int capacity;
  private final ConcurrencyLimit limit;

  /** Live before retries before replays. */
  private final List<Queue<Waiting>> queues =
      List.of(new ArrayDeque<>(2), new ArrayDeque<>(2), new ArrayDeque<>(2));

  private Pacer pacer = Pacer.unlimited();
  private int size;
  private int inFlight;
  private long startedSinceMillis;
  private boolean scheduled;
  private boolean awaited;

  /**
   * @param capacity how many deliveries may wait
   */
  public Lane(long endpointId, int capacity, ConcurrencyLimit limit) {
    this.endpointId = endpointId;
    this.capacity = capacity;
    this.limit = limit;
  }

  public long endpointId() {
    return endpointId;
  }

  /** How many wait. */
  public int size() {
    return size;
  }

  public int inFlight() {
    return inFlight;
  }

  /** Lets a delivery wait; false if the lane is full. */
  public boolean offer(Delivery delivery, long nowMillis) {
    if (size >= capacity) {
      return false;
    }
    queues.get(rank(delivery.trigger())).add(new Waiting(delivery, nowMillis));
    size++;
    return true;
  }

  /** What the endpoint allows has changed: its pace and the ceiling of its concurrency. */
  public void allow(Pacer newPacer, int ceiling) {
    pacer = newPacer;
    limit.ceiling(ceiling);
  }

  /** Whether a delivery waits that may go now. */
  public boolean isReady(long nowNanos) {
    return hasRoom() && pacer.waitNanos(nowNanos) == 0;
  }

  /** How long until the pace lets a waiting delivery go; 0 if it is not the pace that holds it. */
  public long paceNanos(long nowNanos) {
    return hasRoom() ? pacer.waitNanos(nowNanos) : 0;
  }

  private boolean hasRoom() {
    return size > 0 && inFlight < limit.current();
  }

  /** Takes the next delivery into flight. Only when {@link #isReady}. */
  public Delivery start(long nowNanos) {
    for (Queue<Waiting> queue : queues) {
      if (!queue.isEmpty()) {
        size--;
        inFlight++;
        pacer.take(nowNanos);
        Waiting taken = queue.remove();
        startedSinceMillis = taken.sinceMillis;
        return taken.delivery;
      }
    }
    throw new IllegalStateException("nothing waits in the lane of endpoint " + endpointId);
  }

  /** Since when the delivery had waited that was started last. */
  public long startedSinceMillis() {
    return startedSinceMillis;
  }

  /** A delivery has left the flight without a sign of overload. */
  public void succeed() {
    limit.onSuccess(inFlight);
    inFlight--;
  }

  /** A delivery has left the flight in a way that says: too much. */
  public void overload() {
    limit.onOverload();
    inFlight--;
  }

  /** A delivery has left the flight without telling anything about the endpoint. */
  public void ignore() {
    inFlight--;
  }

  /** Hands out everything that waits since before a time. */
  public void expire(long beforeMillis, Consumer<Delivery> expired) {
    for (Queue<Waiting> queue : queues) {
      while (!queue.isEmpty() && queue.peek().sinceMillis < beforeMillis) {
        size--;
        expired.accept(queue.remove().delivery);
      }
    }
  }

  /** Empties the lane. */
  public List<Delivery> drain() {
    List<Delivery> drained = new ArrayList<>(size);
    expire(Long.MAX_VALUE, drained::add);
    return drained;
  }

  /** Whether somebody has promised to come back when the pace lets the lane go on. */
  public boolean isAwaited() {
    return awaited;
  }

  public void awaited(boolean value) {
    awaited = value;
  }

  boolean isScheduled() {
    return scheduled;
  }

  void scheduled(boolean value) {
    scheduled = value;
  }

  private static int rank(Attempt.Trigger trigger) {
    return switch (trigger) {
      case LIVE -> 0;
      case RETRY, RECOVERY -> 1;
      case REPLAY -> 2;
    };
  }

  private record Waiting(Delivery delivery, long sinceMillis) {}
}
