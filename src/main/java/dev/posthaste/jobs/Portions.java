package dev.posthaste.jobs;

import dev.posthaste.store.JobSteps.Standing;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many deliveries each job has due at a time: as many as go within a few seconds. The table is
 * served by due time, so each of them stands before every retry of the endpoint that falls due
 * later. Belongs to one event loop.
 */
final class Portions {
  /** Enough for a receiver that takes long to answer, and little to wait behind. */
  private static final int LEAST = 32;

  /** Part of a portion that may be left when the next one is larger, or late without a smaller. */
  private static final int PART = 4;

  /** Of more than this many jobs at a time, some begin with little again. */
  private static final int MOST_JOBS = 1_000;

  private final int most;
  private final Map<Long, Portion> byJob = new LinkedHashMap<>();

  /**
   * @param most deliveries of a job that wait at once, those for a retry to come included
   */
  Portions(int most) {
    this.most = most;
  }

  /**
   * @param size deliveries that may be due at a time
   * @param wasWhole whether as many were due at a time since it has this size
   */
  private record Portion(int size, boolean wasWhole) {}

  /** How many more a job may put up now; none if it is 0 or less. */
  int room(long job, Standing standing) {
    Portion portion = of(job);
    if (standing.late() > portion.size / PART) {
      keep(job, new Portion(Math.max(least(), portion.size / 2), false));
      return 0;
    }
    if (portion.wasWhole && standing.due() <= portion.size / PART) {
      portion = new Portion(Math.min(most, 2 * portion.size), false);
      keep(job, portion);
    }
    return Math.min(portion.size - standing.due(), most - standing.waiting());
  }

  /** A job has put up all that there was room for. */
  void putUpWhole(long job) {
    keep(job, new Portion(of(job).size, true));
  }

  private Portion of(long job) {
    return byJob.getOrDefault(job, new Portion(least(), false));
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
