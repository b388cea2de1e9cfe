package dev.posthaste.lane;

import dev.posthaste.event.Delivery;
import java.util.function.Consumer;

/** The deliveries that wait in a lane: a line for each kind of traffic, in the order they came. */
final class WaitingLines {
  /** By rank; each is there from when it is needed. */
  private final Waiting.Line[] lines = new Waiting.Line[Traffic.KINDS];

  private int size;

  int size() {
    return size;
  }

  /** How many go before one that comes now, by rank. */
  int before(Traffic traffic) {
    int before = 0;
    for (int rank = 0; rank <= traffic.rank(); rank++) {
      before += lines[rank] == null ? 0 : lines[rank].size();
    }
    return before;
  }

  void add(Waiting waiting) {
    int rank = Traffic.of(waiting.delivery()).rank();
    if (lines[rank] == null) {
      lines[rank] = new Waiting.Line();
    }
    lines[rank].add(waiting);
    size++;
  }

  /** The kind of the next one by rank; only when one waits. */
  Traffic first() {
    for (Traffic traffic : Traffic.ALL) {
      if (head(traffic) != null) {
        return traffic;
      }
    }
    throw new IllegalStateException("nothing waits");
  }

  /**
   * The kind of the one that has waited longest, by rank among equals; of a replay only if nothing
   * else waits. Only when one does.
   */
  Traffic oldest() {
    Traffic oldest = first();
    Waiting again = head(Traffic.AGAIN);
    return again != null && again.sinceMillis() < head(oldest).sinceMillis()
        ? Traffic.AGAIN
        : oldest;
  }

  /** Takes the first one of a kind away; only when one waits. */
  Waiting remove(Traffic traffic) {
    size--;
    return lines[traffic.rank()].remove();
  }

  private Waiting head(Traffic traffic) {
    Waiting.Line line = lines[traffic.rank()];
    return line == null ? null : line.peek();
  }

  /** Hands out everything that waits since before a time; says how many. */
  int expire(long beforeMillis, Consumer<Delivery> expired) {
    int before = size;
    for (Traffic traffic : Traffic.ALL) {
      while (head(traffic) != null && head(traffic).sinceMillis() < beforeMillis) {
        expired.accept(remove(traffic).delivery());
      }
    }
    return before - size;
  }

  /** Since when the one waits that has waited longest; {@link Long#MAX_VALUE} if none does. */
  long oldestMillis() {
    long oldest = Long.MAX_VALUE;
    for (Traffic traffic : Traffic.ALL) {
      if (head(traffic) != null) {
        oldest = Math.min(oldest, head(traffic).sinceMillis());
      }
    }
    return oldest;
  }
}
