package dev.posthaste.lane;

/**
 * Lanes in the order in which they came. A lane is in one list at a time and links to its
 * neighbours itself, so that moving it costs nothing but that.
 */
public final class LaneList {
  private Lane first;
  private Lane last;
  private int size;

  /** The one that has been here longest; null if there is none. */
  public Lane first() {
    return first;
  }

  /** The one that came after; null if it is the last. */
  public Lane after(Lane lane) {
    return lane.next;
  }

  public int size() {
    return size;
  }

  /** Puts a lane to the end, out of whatever list it was in. */
  public void add(Lane lane) {
    if (lane.list != null) {
      lane.list.remove(lane);
    }
    lane.list = this;
    lane.previous = last;
    if (last == null) {
      first = lane;
    } else {
      last.next = lane;
    }
    last = lane;
    size++;
  }

  /** Only a lane of this list. */
  public void remove(Lane lane) {
    if (lane.previous == null) {
      first = lane.next;
    } else {
      lane.previous.next = lane.next;
    }
    if (lane.next == null) {
      last = lane.previous;
    } else {
      lane.next.previous = lane.previous;
    }
    lane.list = null;
    lane.previous = null;
    lane.next = null;
    size--;
  }

  public boolean has(Lane lane) {
    return is(lane.list);
  }

  @SuppressWarnings("ReferenceEquality")
  private boolean is(LaneList other) {
    return other == this;
  }
}
