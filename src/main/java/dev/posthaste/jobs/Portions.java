package dev.posthaste.jobs;

import dev.posthaste.store.JobSteps.Standing;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many deliveries each job keeps waiting: as many as go within about a second. The table is
 * served by due time, so each of them stands before every retry that falls due later. Belongs to
 * one event loop.
 */
final class Portions {
  private static final int LEAST = 8;

  /** So much of a portion may be left when the next one is twice as large. */
  private static final int LEFT = 4;

  /** Of more than this many jobs at a time, some begin with little again. */
  private static final int MOST_JOBS = 1_000;

  private final int most;
  private final Map<Long, Portion> byJob = new LinkedHashMap<>();

  /**
   * @param most deliveries of a job that wait at once
   */
  Portions(int most) {
    this.most = most;
  }

  /**
   * @param wasFull whether as many have waited at a time
   */
  private record Portion(int size, boolean wasFull) {}

  /** How many more a job may put up now. */
  int room(long job, Standing standing) {
    Portion portion = next(byJob.getOrDefault(job, new Portion(least(), false)), standing);
    int room = standing.late() ? 0 : portion.size - standing.waiting();
    keep(job, room > 0 ? portion : new Portion(portion.size, true));
    return room;
  }

  private Portion next(Portion portion, Standing standing) {
    if (standing.late()) {
      return new Portion(Math.max(least(), portion.size / 2), false);
    }
    return portion.wasFull && standing.waiting() <= portion.size / LEFT
        ? new Portion(Math.min(most, 2 * portion.size), false)
        : portion;
  }

  private int least() {
    return Math.min(LEAST, most);
  }

  private void keep(long job, Portion portion) {
    if (byJob.size() >= MOST_JOBS && !byJob.containsKey(job)) {
      byJob.remove(byJob.keySet().iterator().next());
    }
    byJob.put(job, portion);
  }
}
