package dev.posthaste.lane;

import dev.posthaste.event.Delivery;
import java.util.function.Consumer;

/** The deliveries that wait in a lane: a line for each kind of traffic, served by rank. */
final class WaitingLines {
  /** By rank; each is there from when it is needed. */
  private final Waiting.Line[] lines = new Waiting.Line[Traffic.KINDS];

  private int size;

  int size() {
    return size;
  }

  void add(Waiting waiting) {
    int rank = Traffic.of(waiting.delivery()).rank();
    if (lines[rank] == null) {
      lines[rank] = new Waiting.Line();
    }
    lines[rank].add(waiting);
    size++;
  }

  /** The next one; only when one waits. */
  Waiting peek() {
    return next().peek();
  }

  /** Takes the next one away; only when one waits. */
  Waiting remove() {
    size--;
    return next().remove();
  }

  private Waiting.Line next() {
    for (Waiting.Line line : lines) {
      if (line != null && line.peek() != null) {
        return line;
      }
    }
    throw new IllegalStateException("nothing waits");
  }

  /** Hands out everything that waits since before a time; says how many. */
  int expire(long beforeMillis, Consumer<Delivery> expired) {
    int before = size;
    for (Waiting.Line line : lines) {
      while (line != null && line.peek() != null && line.peek().sinceMillis() < beforeMillis) {
        size--;
        expired.accept(line.remove().delivery());
      }
    }
    return before - size;
  }

  /** Since when the one waits that has waited longest; {@link Long#MAX_VALUE} if none does. */
  long oldestMillis() {
    long oldest = Long.MAX_VALUE;
    for (Waiting.Line line : lines) {
      if (line != null && line.peek() != null) {
        oldest = Math.min(oldest, line.peek().sinceMillis());
      }
    }
    return oldest;
  }
}
