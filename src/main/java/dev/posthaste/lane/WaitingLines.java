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

  void add(Waiting waiting) {
    int rank = Traffic.of(waiting.delivery()).rank();
    if (lines[rank] == null) {
      lines[rank] = new Waiting.Line();
    }
    lines[rank].add(waiting);
    size++;
  }

  /** The next one by rank; only when one waits. */
  Waiting first() {
    return firstLine().peek();
  }

  /** Takes the next one by rank away; only when one waits. */
  Waiting removeFirst() {
    size--;
    return firstLine().remove();
  }

  private Waiting.Line firstLine() {
    for (Waiting.Line line : lines) {
      if (line != null && line.peek() != null) {
        return line;
      }
    }
    throw new IllegalStateException("nothing waits");
  }

  /** The one that has waited longest; by rank among equals. Only when one waits. */
  Waiting oldest() {
    return oldestLine().peek();
  }

  /** Takes away the one that has waited longest; only when one waits. */
  Waiting removeOldest() {
    size--;
    return oldestLine().remove();
  }

  private Waiting.Line oldestLine() {
    Waiting.Line oldest = firstLine();
    for (Waiting.Line line : lines) {
      if (line != null
          && line.peek() != null
          && line.peek().sinceMillis() < oldest.peek().sinceMillis()) {
        oldest = line;
      }
    }
    return oldest;
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
    return size == 0 ? Long.MAX_VALUE : oldest().sinceMillis();
  }
}
