package dev.posthaste.send;

import java.util.ArrayList;
import java.util.List;

/**
 * Deadlines in slots of {@link #TICK_MILLIS}: one timer for all requests of an event loop instead
 * of one for each. Adding and removing cost no more than a linked list does; a deadline fires up to
 * two ticks late, never early. Has no clock; belongs to one event loop.
 */
final class DeadlineWheel {
  /** How often {@link #advance} should be called while there is a deadline. */
  static final long TICK_MILLIS = 50;

  private static final int SLOTS = 1024;

  private final Entry[] slots = new Entry[SLOTS];
  private long tick;
  private int size;

  /** Something with a deadline; in one wheel at a time. */
  abstract static class Entry {
    private Entry previous;
    private Entry next;
    private long dueTick = -1;

    /** The deadline is over. The entry is out of the wheel. */
    abstract void expire();
  }

  int size() {
    return size;
  }

  /**
   * @param nowMillis of a clock that only rises
   */
  void add(Entry entry, long nowMillis, long timeoutMillis) {
    if (size == 0) {
      tick = nowMillis / TICK_MILLIS;
    }
    // Slots up to the current tick are done with: a due tick there would be a whole turn late.
    entry.dueTick = Math.max(tick, (nowMillis + Math.max(0, timeoutMillis)) / TICK_MILLIS) + 1;
    int slot = slotOf(entry.dueTick);
    entry.previous = null;
    entry.next = slots[slot];
    if (entry.next != null) {
      entry.next.previous = entry;
    }
    slots[slot] = entry;
    size++;
  }

  /** Does nothing if the entry is not in the wheel. */
  void remove(Entry entry) {
    if (entry.dueTick < 0) {
      return;
    }
    if (entry.previous == null) {
      slots[slotOf(entry.dueTick)] = entry.next;
    } else {
      entry.previous.next = entry.next;
    }
    if (entry.next != null) {
      entry.next.previous = entry.previous;
    }
    entry.previous = null;
    entry.next = null;
    entry.dueTick = -1;
    size--;
  }

  /** Expires what is due. Safe against entries that add and remove others while they expire. */
  void advance(long nowMillis) {
    long now = nowMillis / TICK_MILLIS;
    List<Entry> due = new ArrayList<>();
    for (long t = Math.max(tick + 1, now - SLOTS + 1); t <= now; t++) {
      collect(slotOf(t), now, due);
    }
    tick = Math.max(tick, now);
    expire(due);
  }

  /** Expires everything, due or not. */
  void drain() {
    List<Entry> all = new ArrayList<>(size);
    for (int slot = 0; slot < SLOTS; slot++) {
      collect(slot, Long.MAX_VALUE, all);
    }
    expire(all);
  }

  private void collect(int slot, long now, List<Entry> due) {
    for (Entry entry = slots[slot]; entry != null; entry = entry.next) {
      if (entry.dueTick <= now) {
        due.add(entry);
      }
    }
  }

  private void expire(List<Entry> due) {
    for (Entry entry : due) {
      if (entry.dueTick >= 0) {
        remove(entry);
        entry.expire();
      }
    }
  }

  private static int slotOf(long tick) {
    return (int) (tick & (SLOTS - 1));
  }
}
