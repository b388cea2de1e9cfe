package dev.posthaste.ingest;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.EventLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits events in groups: while one group is under way the next one collects, so an idle node
 * adds no delay and a busy one makes large groups. A group is answered after its commit and then
 * handed over to be delivered. Belongs to one event loop.
 */
final class CommitGroup {
  private static final Logger LOG = LoggerFactory.getLogger(CommitGroup.class);
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final Vertx vertx;
  private final EventLog log;
  private final Registry registry;
  private final IdGenerator ids;
  private final IngestBudget budget;
  private final Limits limits;
  private final Consumer<List<Delivery>> handOver;
  private final Watermark watermark;
  private final OpenCommits openCommits;
  private final DoubtfulCommits doubts;

  private final Queue<Submission> waiting = new ArrayDeque<>();
  private int inFlight;
  private boolean flushScheduled;
  private boolean failing;
  private long flushedAtNanos;

  CommitGroup(
      Vertx vertx,
      EventLog log,
      Registry registry,
      IdGenerator ids,
      IngestBudget budget,
      Limits limits,
      Consumer<List<Delivery>> handOver) {
    this.vertx = vertx;
    this.log = log;
    this.registry = registry;
    this.ids = ids;
    this.budget = budget;
    this.limits = limits;
    this.handOver = handOver;
    this.watermark = new Watermark(ids);
    this.openCommits = new OpenCommits(ids);
    this.doubts = new DoubtfulCommits(vertx, log, limits.doubtMillis());
    this.flushedAtNanos = System.nanoTime() - limits.spacingNanos();
  }

  /**
   * Commits events that were admitted to the budget.
   *
   * @return in their order, after the commit; fails if nothing was accepted
   */
  Future<List<Accepted>> submit(List<Candidate> candidates) {
    Promise<List<Accepted>> promise = Promise.promise();
    waiting.add(new Submission(candidates, promise));
    scheduleFlush();
    return promise.future();
  }

  /** Every event of this loop with an id lower than this is settled. */
  long settledBelow() {
    return watermark.settledBelow();
  }

  /** Every event that this loop will still commit has this id or a higher one. */
  long committedBelow() {
    return openCommits.committedBelow();
  }

  /** Nothing waits for a commit and nothing is in doubt. */
  boolean isIdle() {
    return waiting.isEmpty() && inFlight == 0 && doubts.isEmpty();
  }

  /**
   * At the end of this turn of the loop, so that requests that arrived together go together; a
   * little later if a group has just gone.
   */
  private void scheduleFlush() {
    if (flushScheduled || inFlight >= limits.flushesInFlight() || waiting.isEmpty()) {
      return;
    }
    flushScheduled = true;
    long early = limits.spacingNanos() - (System.nanoTime() - flushedAtNanos);
    if (early > 0) {
      vertx.setTimer(Math.ceilDiv(early, NANOS_PER_MILLI), timer -> flushScheduled());
    } else {
      vertx.runOnContext(v -> flushScheduled());
    }
  }

  private void flushScheduled() {
    flushScheduled = false;
    flush();
  }

  private void flush() {
    List<Submission> group = new ArrayList<>();
    int size = 0;
    while (!waiting.isEmpty()
        && (group.isEmpty() || size + waiting.peek().size() <= limits.flushMaxEvents())) {
      Submission next = waiting.remove();
      size += next.size();
      group.add(next);
    }
    if (group.isEmpty()) {
      return;
    }
    commit(group, size);
    scheduleFlush();
  }

  private void commit(List<Submission> group, int size) {
    flushedAtNanos = System.nanoTime();
    List<Event> events = new ArrayList<>(size);
    for (Submission submission : group) {
      submission.number(this, events);
    }
    UnsettledBatch batch = new UnsettledBatch(events.getFirst().id(), budget);
    watermark.hold(batch);
    openCommits.open(batch.firstId());
    inFlight++;
    log.append(events)
        .onComplete(
            appended -> {
              inFlight--;
              budget.leaveQueue(size);
              scheduleFlush();
              tell(appended.cause());
              if (appended.succeeded()) {
                accept(group, events, appended.result(), batch);
              } else {
                reject(group, events, appended.cause(), batch);
              }
            });
  }

  /** Two lines in the log per outage, not one per request. */
  private void tell(Throwable cause) {
    if (cause != null && !failing) {
      LOG.atWarn()
          .addKeyValue("cause", cause.getMessage())
          .log("Events cannot be stored; publishers are told to come again");
    } else if (cause == null && failing) {
      LOG.info("Events are stored again");
    }
    failing = cause != null;
  }

  private Event number(Candidate candidate) {
    return candidate.toEvent(
        ids.next(),
        registry.targets(candidate.tenant(), candidate.draft().type(), candidate.resourceId()));
  }

  private void accept(
      List<Submission> group,
      List<Event> events,
      List<EventLog.Repeat> repeats,
      UnsettledBatch batch) {
    Map<Long, EventLog.Original> repeated = new HashMap<>();
    repeats.forEach(repeat -> repeated.put(repeat.givenId(), repeat.original()));
    List<Delivery> deliveries = new ArrayList<>(events.size());
    for (Event event : events) {
      if (repeated.isEmpty() || !repeated.containsKey(event.id())) {
        for (long target : event.targets()) {
          deliveries.add(
              new Delivery(event, target, 0, Attempt.Trigger.LIVE, false, Optional.empty(), batch));
        }
      }
    }
    openCommits.close(batch.firstId());
    batch.expect(deliveries.size());
    batch.release();
    if (!deliveries.isEmpty()) {
      handOver.accept(deliveries);
    }
    group.forEach(submission -> submission.answer(repeated));
  }

  private void reject(
      List<Submission> group, List<Event> events, Throwable cause, UnsettledBatch batch) {
    if (DoubtfulCommits.isDoubtful(cause)) {
      doubts.settle(events.stream().map(Event::id).toList(), () -> decided(batch));
    } else {
      decided(batch);
    }
    group.forEach(submission -> submission.promise.fail(cause));
  }

  private void decided(UnsettledBatch batch) {
    openCommits.close(batch.firstId());
    batch.release();
  }

  /**
   * The bounds of a group.
   *
   * @param spacingNanos from the start of one group to the next, at least
   * @param doubtMillis after which a statement whose connection was lost has surely ended
   */
  record Limits(int flushMaxEvents, int flushesInFlight, long spacingNanos, long doubtMillis) {}

  /** What one request wants committed. */
  private static final class Submission {
    private final List<Candidate> candidates;
    private final Promise<List<Accepted>> promise;
    private final List<Event> events;

    Submission(List<Candidate> candidates, Promise<List<Accepted>> promise) {
      this.candidates = candidates;
      this.promise = promise;
      this.events = new ArrayList<>(candidates.size());
    }

    int size() {
      return candidates.size();
    }

    void number(CommitGroup owner, List<Event> all) {
      for (Candidate candidate : candidates) {
        Event event = owner.number(candidate);
        events.add(event);
        all.add(event);
      }
    }

    void answer(Map<Long, EventLog.Original> repeated) {
      List<Accepted> answers = new ArrayList<>(events.size());
      for (int i = 0; i < events.size(); i++) {
        EventLog.Original first = repeated.get(events.get(i).id());
        Candidate candidate = candidates.get(i);
        answers.add(first == null ? candidate.accepted(events.get(i)) : candidate.repeats(first));
      }
      promise.complete(answers);
    }
  }
}
