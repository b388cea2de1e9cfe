package dev.posthaste.dispatch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * How much the lanes of this node that have overflowed take back from the table: the dispatchers
 * say it, the claimer goes by it, so that nothing is claimed that would only be put off again. A
 * lane without an entry takes what there is. Thread-safe.
 */
public final class LaneRooms {
  private final Map<Long, Room> byEndpoint = new ConcurrentHashMap<>();
  private volatile Runnable onRoom = () -> {};

  /** Called on the loop of a lane when it takes something back after it did not. */
  void onRoom(Runnable action) {
    onRoom = action;
  }

  /** The entry of a lane that begins to overflow. */
  Room add(long endpointId) {
    return byEndpoint.computeIfAbsent(endpointId, id -> new Room(this));
  }

  /** The table has nothing more for the lane, or the lane is gone. */
  void remove(long endpointId) {
    byEndpoint.remove(endpointId);
  }

  /** The entry of an endpoint; null if its lane does not overflow. */
  Room of(long endpointId) {
    return byEndpoint.get(endpointId);
  }

  /** Whether the lane of an endpoint can take a delivery now. From any thread. */
  public boolean takes(long endpointId) {
    Room room = byEndpoint.get(endpointId);
    return room == null || room.rows(System.nanoTime()) > 0;
  }

  void forEach(BiConsumer<Long, Room> each) {
    byEndpoint.forEach(each);
  }

  /** The room of one lane: written on the loop of the lane, read by the claimer. */
  static final class Room {
    private final LaneRooms rooms;
    private volatile int rows;
    private volatile long fromNanos;
    private volatile boolean drained;

    private Room(LaneRooms rooms) {
      this.rooms = rooms;
    }

    /** So many rows from that time on. */
    void set(int count, long nanos) {
      boolean wasFull = rows == 0;
      fromNanos = nanos;
      rows = count;
      if (wasFull && count > 0) {
        rooms.onRoom.run();
      }
    }

    int rows(long nowNanos) {
      return nowNanos - fromNanos >= 0 ? rows : 0;
    }

    boolean isDrained() {
      return drained;
    }

    /** Whether the last look took all that the table had for the lane. */
    void drained(boolean value) {
      drained = value;
    }
  }
}
