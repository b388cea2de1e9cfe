package dev.posthaste.dispatch;

import dev.posthaste.lane.Lane;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lanes of one event loop that have overflowed, and what the claimer is told of them. Belongs
 * to that loop.
 */
final class Overflows {
  private final LaneRooms rooms;
  private final Map<Lane, LaneRooms.Room> lanes = new HashMap<>();

  Overflows(LaneRooms rooms) {
    this.rooms = rooms;
  }

  /** A delivery of the lane goes to the table because of what the lane holds. */
  void spilled(Lane lane, long nowNanos) {
    if (lane.overflows(nowNanos)) {
      lanes.put(lane, rooms.add(lane.endpointId()));
    }
  }

  /**
   * To be told when the lane takes more or less than before. A lane ends to overflow once a look
   * took all that the table had for it and it has mostly drained itself. What went to the table
   * during that look comes a little later than what comes now: to wait until nothing did would keep
   * a busy lane in the table for ever.
   */
  void changed(Lane lane, long nowNanos) {
    if (!lane.isOverflowing()) {
      return;
    }
    LaneRooms.Room room = lanes.get(lane);
    if (room.isDrained()) {
      room.drained(false);
      if (lane.endOverflow()) {
        lanes.remove(lane);
        rooms.remove(lane.endpointId());
        return;
      }
    }
    room.set(lane.room(), lane.opensNanos(nowNanos));
  }

  /** The lane is forgotten. */
  void forget(Lane lane) {
    if (lanes.remove(lane) != null) {
      rooms.remove(lane.endpointId());
    }
  }

  /** All of them, to be looked at now and then: time alone changes what they take. */
  List<Lane> all() {
    return List.copyOf(lanes.keySet());
  }
}
