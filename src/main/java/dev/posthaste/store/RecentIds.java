package dev.posthaste.store;

import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** Remembers the latest ids it was given, so many and no more. Thread-safe. */
final class RecentIds {
  private static final int MANY = 5_000;

  private final NavigableSet<Long> ids = new ConcurrentSkipListSet<>();

  /** Adds them and forgets the lowest ones beyond the bound. */
  void add(Long[] made) {
    ids.addAll(List.of(made));
    // Counting walks the whole set, but few are made: some a second at the most.
    for (int over = ids.size() - MANY; over > 0; over--) {
      ids.pollFirst();
    }
  }

  /** Those from the given one on. */
  List<Long> from(long lowest) {
    return List.copyOf(ids.tailSet(lowest));
  }
}
