package dev.posthaste.loadtest.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** A time in microseconds for each event number; 0 for none. Grows as needed. Not thread-safe. */
public final class Timeline {
  private long[] micros = new long[1 << 16];
  private int size;

  /** The first time wins; false if there was one. */
  public boolean setFirst(int number, long time) {
    ensure(number);
    if (micros[number] != 0) {
      return false;
    }
    micros[number] = time;
    return true;
  }

  private void ensure(int number) {
    if (number >= micros.length) {
      micros = Arrays.copyOf(micros, Math.max(number + 1, micros.length * 2));
    }
    size = Math.max(size, number + 1);
  }

  /** The time, or 0. */
  public long get(int number) {
    return number < size ? micros[number] : 0;
  }

  /** One more than the highest number. */
  public int size() {
    return size;
  }

  /** How many have a time between from (inclusive) and to (exclusive). */
  public int countBetween(long from, long to) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (micros[i] >= from && micros[i] < to) {
        count++;
      }
    }
    return count;
  }

  /** How many have a time here and none there. */
  public int without(Timeline there) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (micros[i] != 0 && there.get(i) == 0) {
        count++;
      }
    }
    return count;
  }

  /** The same without the times of the other numbers. */
  public Timeline only(IntPredicate wanted) {
    Timeline some = new Timeline();
    some.size = size;
    some.micros = micros.clone();
    for (int i = 0; i < size; i++) {
      if (!wanted.test(i)) {
        some.micros[i] = 0;
      }
    }
    return some;
  }

  /** Each time so many times, one after the other. */
  public Timeline each(int times) {
    if (times == 1) {
      return this;
    }
    Timeline more = new Timeline();
    more.size = size * times;
    more.micros = new long[Math.max(1, more.size)];
    for (int i = 0; i < more.size; i++) {
      more.micros[i] = micros[i / times];
    }
    return more;
  }

  /** As big-endian longs. */
  public byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(size * Long.BYTES);
    out.asLongBuffer().put(micros, 0, size);
    return out.array();
  }

  /** Reads what {@link #toBytes} wrote. */
  public static Timeline of(byte[] bytes) {
    Timeline timeline = new Timeline();
    timeline.size = bytes.length / Long.BYTES;
    timeline.micros = new long[Math.max(1, timeline.size)];
    ByteBuffer.wrap(bytes).asLongBuffer().get(timeline.micros, 0, timeline.size);
    return timeline;
  }
}
