package dev.posthaste.ingest;

import dev.posthaste.event.Settlement;
import dev.posthaste.store.EventLog;
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
  private final long certainAfterNanos;
  private final Queue<Doubt> open = new ArrayDeque<>();
  private boolean looking;

  /**
   * @param certainAfterMillis after which a statement has surely ended one way or the other
   */
  DoubtfulCommits(Vertx vertx, EventLog log, long certainAfterMillis) {
    this.vertx = vertx;
    this.log = log;
    this.certainAfterNanos = Duration.ofMillis(certainAfterMillis).toNanos();
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** Looks until it is certain what became of the events, then tells the settlement. */
  void settle(List<Long> eventIds, Settlement settlement) {
    LOG.atWarn()
        .addKeyValue("events", eventIds.size())
        .log("A commit is in doubt: its connection was lost. Looking what became of it");
    open.add(new Doubt(eventIds, settlement, System.nanoTime() + certainAfterNanos));
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
    log.recover(some.stream().flatMap(doubt -> doubt.eventIds.stream()).toList())
        .onComplete(
            looked -> {
              looking = false;
              if (looked.succeeded()) {
                some.forEach(doubt -> looked(doubt, now));
              }
              lookSoon();
            });
  }

  private void looked(Doubt doubt, long when) {
    open.remove();
    if (when - doubt.certainAtNanos >= 0) {
      doubt.settlement.settled();
    } else {
      open.add(doubt);
    }
  }

  private record Doubt(List<Long> eventIds, Settlement settlement, long certainAtNanos) {}
}
