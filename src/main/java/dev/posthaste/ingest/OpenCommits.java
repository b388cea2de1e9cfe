package dev.posthaste.ingest;

import dev.posthaste.event.IdGenerator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The commits of one event loop that are under way or in doubt. Belongs to that loop: ids are made
 * and their batch is opened in one go there, so no id can slip between.
 */
final class OpenCommits {
  private final IdGenerator ids;

  /** In the order of their ids. */
  private final Set<Long> firstIds = new LinkedHashSet<>();

  OpenCommits(IdGenerator ids) {
    this.ids = ids;
  }

  /** Batches come in the order of their ids. */
  void open(long firstId) {
    firstIds.add(firstId);
  }

  /** PostgreSQL has said yes or no, or neither can still come. */
  void close(long firstId) {
    firstIds.remove(firstId);
  }

  /**
   * Every event that this loop will still commit has this id or a higher one. Takes an id of its
   * own while nothing is open, so that a quiet node keeps up with the time.
   */
  long committedBelow() {
    return firstIds.isEmpty() ? ids.next() : firstIds.iterator().next();
  }
}
