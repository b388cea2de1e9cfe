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
  private final Map<Long, Integer> byJob = new LinkedHashMap<>();

  /**
   * @param most deliveries of a job that wait at once
   */
  Portions(int most) {
    this.most = most;
  }

  /** How many more a job may put up now. */
  int room(long job, Standing standing) {
    int portion = byJob.getOrDefault(job, Math.min(LEAST, most));
    if (standing.late()) {
      portion = Math.max(Math.min(LEAST, most), portion / 2);
    } else if (standing.waiting() <= portion / LEFT) {
      portion = Math.min(most, 2 * portion);
    }
    keep(job, portion);
    return standing.late() ? 0 : portion - standing.waiting();
  }

  private void keep(long job, int portion) {
    if (byJob.size() >= MOST_JOBS && !byJob.containsKey(job)) {
      byJob.remove(byJob.keySet().iterator().next());
    }
    byJob.put(job, portion);
  }
}
