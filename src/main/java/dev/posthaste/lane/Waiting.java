package dev.posthaste.lane;

import dev.posthaste.event.Delivery;

/**
 * A delivery in a lane, and since when. Links to the one behind it, so that lines need no arrays.
 */
public final class Waiting {
  private final Delivery delivery;
  private final long sinceMillis;
  private Waiting behind;

  Waiting(Delivery delivery, long sinceMillis) {
    this.delivery = delivery;
    this.sinceMillis = sinceMillis;
  }

  public Delivery delivery() {
    return delivery;
  }

  /** When it came into the lane; milliseconds since 1970. */
  public long sinceMillis() {
    return sinceMillis;
  }

  /** Deliveries one after the other. Empty it holds nothing alive. */
  static final class Line {
    private Waiting first;
    private Waiting last;
    private int size;

    int size() {
      return size;
    }

    void add(Waiting waiting) {
      size++;
      if (first == null) {
        first = waiting;
      } else {
        last.behind = waiting;
      }
      last = waiting;
    }

    /** The one that goes next; null if there is none. */
    Waiting peek() {
      return first;
    }

    /** Only when there is one. */
    Waiting remove() {
      size--;
      Waiting removed = first;
      first = removed.behind;
      if (first == null) {
        last = null;
      }
      removed.behind = null;
      return removed;
    }
  }
}
