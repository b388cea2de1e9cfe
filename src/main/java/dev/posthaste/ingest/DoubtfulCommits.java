package dev.posthaste.ingest;

import dev.posthaste.event.Settlement;
import dev.posthaste.store.EventLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows up commits whose answer was lost with the connection. Their publishers were told no, but
 * PostgreSQL may have said yes: whatever of them turns out to be there is delivered, so that no
 * event is ever stored and forgotten. Belongs to one event loop.
 */
final class DoubtfulCommits {
  private static final Logger LOG = LoggerFactory.getLogger(DoubtfulCommits.class);
  private static final long PAUSE_MILLIS = 1_000;

  /** Looked up at a time: a long outage leaves many doubts behind. */
  private static final int MAX_COMMITS = 100;

  private final Vertx vertx;
  private final EventLog log;
  private final long patienceNanos;
  private final Queue<Doubt> open = new ArrayDeque<>();
  private boolean looking;

  /**
   * @param patienceMillis after which a commit that has not ended by itself is ended
   */
  DoubtfulCommits(Vertx vertx, EventLog log, long patienceMillis) {
    this.vertx = vertx;
    this.log = log;
    this.patienceNanos = Duration.ofMillis(patienceMillis).toNanos();
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** Looks until it is certain what became of the events, then tells the settlement. */
  void settle(List<Long> eventIds, Settlement settlement) {
    LOG.atWarn()
        .addKeyValue("events", eventIds.size())
        .log("A commit is in doubt: its connection was lost. Looking what became of it");
    open.add(new Doubt(eventIds, settlement, System.nanoTime() + patienceNanos));
    lookSoon();
  }

  private void lookSoon() {
    if (!looking && !open.isEmpty()) {
      looking = true;
      vertx.setTimer(PAUSE_MILLIS, timer -> look());
    }
  }

  /** Takes turns: what is not certain yet goes to the end of the line. */
  private void look() {
    List<Doubt> some = open.stream().limit(MAX_COMMITS).toList();
    long now = System.nanoTime();
    ended(some.stream().anyMatch(doubt -> doubt.isDue(now)))
        .compose(ended -> recover(some).map(ended))
        .onComplete(
            looked -> {
              looking = false;
              if (looked.succeeded()) {
                some.forEach(doubt -> looked(doubt, looked.result() && doubt.isDue(now)));
              }
              lookSoon();
            });
  }

  /** Before the look that decides: what ends after it may have been committed. */
  private Future<Boolean> ended(boolean due) {
    return due ? log.endLost() : Future.succeededFuture(false);
  }

  private Future<Void> recover(List<Doubt> some) {
    return log.recover(some.stream().flatMap(doubt -> doubt.eventIds.stream()).toList());
  }

  private void looked(Doubt doubt, boolean certain) {
    open.remove();
    if (certain) {
      doubt.settlement.settled();
    } else {
      open.add(doubt);
    }
  }

  private record Doubt(List<Long> eventIds, Settlement settlement, long dueAtNanos) {
    boolean isDue(long when) {
      return when - dueAtNanos >= 0;
    }
  }
}
