package dev.posthaste.ingest;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.OrderedTarget;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.EventLog;
import dev.posthaste.store.StoreTrouble;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
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
  private final HandOver handOver;
  private final Watermark watermark;
  private final OpenCommits openCommits;
  private final DoubtfulCommits doubts;
  private final OrderedTargets orders;

  private final Queue<Submission> waiting = new ArrayDeque<>();
  private int inFlight;
  private boolean flushScheduled;
  private boolean failing;
  private IngestObserver observer = IngestObserver.NONE;
  private long flushedAtNanos;

  CommitGroup(
      Vertx vertx,
      EventLog log,
      Registry registry,
      IdGenerator ids,
      IngestBudget budget,
      Limits limits,
      HandOver handOver) {
    this.vertx = vertx;
    this.log = log;
    this.registry = registry;
    this.ids = ids;
    this.budget = budget;
    this.limits = limits;
    this.handOver = handOver;
    this.watermark = new Watermark(ids);
    this.orders = new OrderedTargets(registry);
    this.openCommits = new OpenCommits(ids);
    this.doubts = new DoubtfulCommits(vertx, log, limits.doubtMillis());
    this.flushedAtNanos = System.nanoTime() - limits.spacingNanos();
  }

  /** Tells of every commit from now on. */
  void watchedBy(IngestObserver watcher) {
    observer = watcher;
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
    List<OrderedTarget> ordered = orders.of(events);
    UnsettledBatch batch = new UnsettledBatch(events.getFirst().id(), budget);
    watermark.hold(batch);
    openCommits.open(batch.firstId());
    inFlight++;
    long began = flushedAtNanos;
    log.append(events, ordered)
        .onComplete(
            appended -> {
              inFlight--;
              budget.leaveQueue(size);
              scheduleFlush();
              tell(appended.cause());
              if (appended.succeeded()) {
                observer.committed(events, appended.result().size(), System.nanoTime() - began);
                accept(group, new Committed(events, ordered, appended.result()), batch);
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

  private void accept(List<Submission> group, Committed committed, UnsettledBatch batch) {
    List<Delivery> deliveries = committed.deliveries(registry, batch);
    countMissed(committed);
    openCommits.close(batch.firstId());
    batch.expect(deliveries.size());
    batch.release();
    if (!deliveries.isEmpty()) {
      handOver.deliver(deliveries);
    }
    if (!committed.ordered().isEmpty()) {
      handOver.waiting(committed.waitingKeys());
    }
    group.forEach(submission -> submission.answer(committed.repeated()));
    handOver.accepted(committed.events(), committed::isNew);
  }

  private void countMissed(Committed committed) {
    for (Event event : committed.events()) {
      if (!committed.repeated().containsKey(event.id())) {
        registry.countMissed(event.tenantId(), event.type(), event.resourceId());
      }
    }
  }

  private void reject(
      List<Submission> group, List<Event> events, Throwable cause, UnsettledBatch batch) {
    if (StoreTrouble.isInDoubt(cause)) {
      doubts.settle(events.stream().map(Event::id).toList(), () -> decided(batch));
    } else {
      decided(batch);
    }
    group.forEach(submission -> submission.refuse(cause));
  }

  private void decided(UnsettledBatch batch) {
    openCommits.close(batch.firstId());
    batch.release();
  }

  /**
   * The bounds of a group.
   *
   * @param spacingNanos from the start of one group to the next, at least
   * @param doubtMillis after which a statement whose connection was lost is ended
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
        if (first == null) {
          candidate.trace().accepted(events.get(i));
          answers.add(candidate.accepted(events.get(i)));
        } else {
          candidate.trace().refused("repeat");
          answers.add(candidate.repeats(first));
        }
      }
      promise.complete(answers);
    }

    void refuse(Throwable cause) {
      candidates.forEach(candidate -> candidate.trace().refused("not stored"));
      promise.fail(cause);
    }
  }
}
