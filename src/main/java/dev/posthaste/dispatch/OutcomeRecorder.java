package dev.posthaste.dispatch;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.PublicId;
import dev.posthaste.store.OutcomeLog;
import dev.posthaste.store.StoreTrouble;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects outcomes and commits them in groups: nobody waits for them, and small groups cost more.
 * While PostgreSQL is away they stay here, up to a limit at which no more sends are started.
 * Belongs to one event loop.
 */
final class OutcomeRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeRecorder.class);
  private static final long RETRY_MILLIS = 500;
  private static final int MAX_GROUP = 5_000;

  private final Vertx vertx;
  private final OutcomeLog log;
  private final long waitMillis;
  private final int limit;
  private final Consumer<List<Long>> onReleased;

  private List<OutcomeEntry> waiting = new ArrayList<>();
  private int waitingWeight;
  private int inFlight;
  private int inFlightWeight;
  private boolean abandoned;
  private boolean timerSet;
  private boolean failing;
  private Runnable onRoom = () -> {};
  private Optional<OrderedRuns> ordered = Optional.empty();
  private DispatchObserver observer = DispatchObserver.NONE;
  private Optional<Promise<Void>> emptied = Optional.empty();

  /**
   * @param waitMillis how long an outcome waits for others
   * @param limit how many may wait before no more sends should be started; one with an answer
   *     counts once more for each KiB of that
   * @param onReleased told the endpoints of claimed deliveries that have left this node
   */
  OutcomeRecorder(
      Vertx vertx, OutcomeLog log, long waitMillis, int limit, Consumer<List<Long>> onReleased) {
    this.vertx = vertx;
    this.log = log;
    this.waitMillis = Math.max(1, waitMillis);
    this.limit = limit;
    this.onReleased = onReleased;
  }

  /** Called when there is room again after {@link #isFull()}. */
  void onRoom(Runnable action) {
    onRoom = action;
  }

  /** Tells what becomes of ordered deliveries, so that those behind them follow. */
  void tells(OrderedRuns runs) {
    ordered = Optional.of(runs);
  }

  /** Tells of every commit from now on. */
  void watchedBy(DispatchObserver watcher) {
    observer = watcher;
  }

  /** Whether so many outcomes wait that no more sends should be started. */
  boolean isFull() {
    return waitingWeight + inFlightWeight >= limit;
  }

  /** Whether no more than half of that many wait. */
  boolean hasRoom() {
    return waitingWeight + inFlightWeight <= limit / 2;
  }

  /** The delivery is over; or an attempt was made and it goes on in memory. */
  void records(Delivery delivery, Attempt attempt) {
    add(OutcomeEntry.of(delivery, attempt, null));
    if (delivery.order().isPresent() && attempt.outcome().isFinal()) {
      ordered.ifPresent(runs -> runs.ended(delivery));
    }
  }

  /** An attempt was made, and the delivery waits in the table for the next one. */
  void defers(Delivery delivery, Attempt attempt, Deferral deferral) {
    putsOff(delivery, attempt, deferral);
  }

  /** The delivery waits in the table without having been attempted. */
  void parks(Delivery delivery, Deferral deferral) {
    putsOff(delivery, null, deferral);
  }

  private void putsOff(Delivery delivery, Attempt attempt, Deferral deferral) {
    if (delivery.order().isEmpty()) {
      add(OutcomeEntry.of(delivery, attempt, deferral));
      return;
    }
    add(OutcomeEntry.of(delivery, attempt, deferral.under(delivery.order().get())));
    ordered.ifPresent(runs -> runs.putOff(delivery, deferral));
  }

  /** Completes once everything up to now is committed. */
  Future<Void> flush() {
    if (waiting.isEmpty() && inFlight == 0) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = emptied.orElseGet(Promise::promise);
    emptied = Optional.of(promise);
    commitNext();
    return promise.future();
  }

  Future<Void> close() {
    return log.close();
  }

  /** Writes nothing from now on: what is here is another node's. */
  void abandon() {
    abandoned = true;
    waiting.clear();
  }

  private void add(OutcomeEntry entry) {
    if (abandoned) {
      return;
    }
    waiting.add(entry);
    waitingWeight += entry.weight();
    observer.buffered(waiting.size() + inFlight);
    if (!timerSet && inFlight == 0) {
      commitAfter(waitMillis);
    }
  }

  private void commitAfter(long millis) {
    timerSet = true;
    vertx.setTimer(
        millis,
        timer -> {
          timerSet = false;
          commitNext();
        });
  }

  private void commitNext() {
    if (inFlight > 0 || waiting.isEmpty()) {
      return;
    }
    List<OutcomeEntry> group = nextGroup();
    inFlight = group.size();
    commit(group);
  }

  private List<OutcomeEntry> nextGroup() {
    int size = 0;
    int weight = 0;
    while (size < waiting.size() && weight < MAX_GROUP) {
      weight += waiting.get(size).weight();
      size++;
    }
    List<OutcomeEntry> all = waiting;
    waiting = new ArrayList<>(Math.max(size, all.size() - size));
    waiting.addAll(all.subList(size, all.size()));
    waitingWeight -= weight;
    inFlightWeight = weight;
    return all.subList(0, size);
  }

  private void commit(List<OutcomeEntry> group) {
    if (abandoned) {
      return;
    }
    long began = System.nanoTime();
    log.record(
            OutcomeEntry.attempts(group),
            OutcomeEntry.released(group),
            OutcomeEntry.deferrals(group))
        .onSuccess(
            done -> {
              observer.recorded(group.size(), System.nanoTime() - began);
              committed(group);
            })
        .onFailure(e -> failed(group, e));
  }

  private void committed(List<OutcomeEntry> group) {
    boolean wasFull = isFull();
    inFlight = 0;
    inFlightWeight = 0;
    observer.buffered(waiting.size());
    if (failing) {
      failing = false;
      LOG.info("Outcomes are recorded again");
    }
    settle(group);
    if (waiting.isEmpty()) {
      emptied.ifPresent(Promise::tryComplete);
      emptied = Optional.empty();
    } else if (emptied.isPresent() || waitingWeight >= MAX_GROUP) {
      commitNext();
    } else if (!timerSet) {
      commitAfter(waitMillis);
    }
    if (wasFull && !isFull()) {
      onRoom.run();
    }
  }

  private void settle(List<OutcomeEntry> group) {
    List<Long> left = new ArrayList<>();
    for (OutcomeEntry entry : group) {
      if (entry.isSettled()) {
        entry.settlement().settled();
        if (entry.deferred() && !entry.ordered()) {
          left.add(entry.endpointId());
        }
      }
    }
    if (!left.isEmpty()) {
      onReleased.accept(left);
    }
  }

  /**
   * Writing the same again does no harm, so the group is kept and repeated; unless PostgreSQL
   * refuses it for what is in it: then it is halved until the one that is refused stands alone. Of
   * that one the end or the wait of its delivery is written without its attempt.
   */
  private void failed(List<OutcomeEntry> group, Throwable cause) {
    if (StoreTrouble.isRefused(cause) || (StoreTrouble.isTooSlow(cause) && group.size() > 1)) {
      refused(group, cause);
      return;
    }
    if (!failing) {
      failing = true;
      LOG.atWarn()
          .addKeyValue("cause", cause.getMessage())
          .log("Outcomes cannot be recorded; they are kept and tried again");
    }
    vertx.setTimer(RETRY_MILLIS, timer -> commit(group));
  }

  private void refused(List<OutcomeEntry> group, Throwable cause) {
    if (group.size() > 1) {
      int half = group.size() / 2;
      List<OutcomeEntry> rest = group.subList(half, group.size());
      int weight = rest.stream().mapToInt(OutcomeEntry::weight).sum();
      waiting.addAll(0, rest);
      waitingWeight += weight;
      inFlight = half;
      inFlightWeight -= weight;
      commit(group.subList(0, half));
      return;
    }
    OutcomeEntry entry = group.getFirst();
    if (entry.attempt() != null && !entry.unrecorded()) {
      tell(entry, cause, "An attempt is refused by the database; its delivery goes on without it");
      commit(List.of(entry.withoutRecord()));
      return;
    }
    tell(entry, cause, "A delivery is refused by the database; it is made again after a restart");
    // What was claimed has its row, and nothing is lost with it.
    committed(entry.deferred() ? group : List.of());
  }

  private static void tell(OutcomeEntry entry, Throwable cause, String what) {
    LOG.atError()
        .addKeyValue("event", PublicId.EVENT.format(entry.eventId()))
        .addKeyValue("endpoint", DirectTarget.name(entry.endpointId()))
        .addKeyValue("cause", cause.getMessage())
        .log(what);
  }
}
