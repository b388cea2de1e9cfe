package dev.posthaste.jobs;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.ResourceScopes;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.JobSettings;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.Job;
import dev.posthaste.store.Job.State;
import dev.posthaste.store.JobSteps;
import dev.posthaste.store.RangeStore;
import dev.posthaste.store.RangeStore.Candidate;
import dev.posthaste.store.Unit;
import dev.posthaste.store.Units;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Brings the job that has waited longest one step forward: counts what is over, and puts up as many
 * more deliveries as there is room for. Belongs to one event loop.
 */
final class JobStep {
  private static final long AT_ONCE = 0;

  /**
   * A delivery is late when it has been due for so many looks into the table, and this long. Short
   * of what may wait in memory, and long enough for a receiver that takes seconds to answer.
   */
  private static final int LOOKS = 2;

  private static final long SHORTEST_LATE_MILLIS = 5_000;

  private final Stores stores;
  private final Registry registry;
  private final Set<String> notices;
  private final JobSettings settings;
  private final Portions portions;
  private final long lateMillis;

  /**
   * @param notices the types of events that tell of endpoints
   * @param claimInterval pause between two looks into the table
   */
  JobStep(
      Stores stores,
      Registry registry,
      Set<String> notices,
      JobSettings settings,
      Duration claimInterval) {
    this.stores = stores;
    this.registry = registry;
    this.notices = notices;
    this.settings = settings;
    this.portions = new Portions(settings.maxWaiting());
    this.lateMillis = Math.max(SHORTEST_LATE_MILLIS, LOOKS * claimInterval.toMillis());
  }

  /** Where jobs, and what they bring back, are kept. */
  record Stores(Units units, JobSteps steps, EndpointStore endpoints, RangeStore ranges) {}

  /**
   * Takes a step and says of which job; empty if none wants one now.
   *
   * <p>Fails with a {@link StepException} if there was a job to take.
   */
  Future<Optional<Long>> run() {
    AtomicReference<Job> taken = new AtomicReference<>();
    return stores
        .units()
        .run(
            unit ->
                stores
                    .steps()
                    .take(unit)
                    .compose(
                        job -> {
                          job.ifPresent(taken::set);
                          return job.isEmpty()
                              ? Future.<Void>succeededFuture()
                              : advance(unit, job.get());
                        }))
        .map(v -> Optional.ofNullable(taken.get()).map(Job::id))
        .recover(
            e ->
                Future.failedFuture(
                    taken.get() == null ? e : new StepException(taken.get().id(), e)));
  }

  /** Leaves a job alone for a while, unless it is over or a node works on it. */
  Future<Void> putOff(long job, Duration pause) {
    return stores.steps().putOff(job, pause.toMillis());
  }

  private Future<Void> advance(Unit unit, Job job) {
    return stores
        .endpoints()
        .find(unit, job.tenantId(), job.endpointId())
        .compose(
            found -> {
              if (found.isEmpty()) {
                return stores.steps().end(unit, job, State.ENDPOINT_DELETED);
              }
              return stores
                  .steps()
                  .settle(unit, job, lateMillis)
                  .compose(standing -> goOn(unit, job, found.get(), standing));
            });
  }

  private Future<Void> goOn(Unit unit, Job job, Endpoint endpoint, JobSteps.Standing standing) {
    if (endpoint.status() != Endpoint.Status.ACTIVE) {
      return rest(unit, job, State.PAUSED);
    }
    if (job.cursor() >= job.range().last()) {
      return standing.waiting() == 0
          ? stores.steps().end(unit, job, State.DONE)
          : rest(unit, job, State.RUNNING);
    }
    int room = portions.room(job.id(), standing);
    return room <= 0 ? rest(unit, job, State.RUNNING) : putUp(unit, job, endpoint, room);
  }

  private Future<Void> putUp(Unit unit, Job job, Endpoint endpoint, int room) {
    return stores
        .steps()
        .next(unit, job, RangeStore.Query.of(job, notices), settings.batch())
        .compose(
            events -> {
              Picked picked = pick(job, endpoint, events, room);
              if (picked.deliveries.size() == room) {
                portions.putUpWhole(job.id());
              }
              return queue(unit, job, picked);
            });
  }

  private Future<Void> rest(Unit unit, Job job, State state) {
    return stores.steps().rest(unit, job, state, settings.interval().toMillis());
  }

  private Future<Void> queue(Unit unit, Job job, Picked picked) {
    return stores
        .steps()
        .queue(unit, job, picked.deliveries, picked.cursor)
        .compose(queued -> stores.steps().rest(unit, job, State.RUNNING, AT_ONCE));
  }

  /** Stops at the last event there is room for. */
  private Picked pick(Job job, Endpoint endpoint, List<Candidate> events, int room) {
    List<Candidate> deliveries = new ArrayList<>();
    for (Candidate event : events) {
      if (event.wanted() && (!event.missed() || isFor(endpoint, event))) {
        deliveries.add(event);
      }
      if (deliveries.size() == room) {
        return new Picked(deliveries, event.eventId());
      }
    }
    boolean isEnd = events.size() < settings.batch();
    return new Picked(deliveries, isEnd ? job.range().last() : events.getLast().eventId());
  }

  private boolean isFor(Endpoint endpoint, Candidate event) {
    return registry.isFor(endpoint, event.type(), event.resourceId());
  }

  /**
   * Counts what a new job will bring back, if there is one.
   *
   * <p>Fails with a {@link StepException} if that one cannot be counted.
   *
   * @param others jobs that are not to be counted
   */
  Future<Void> count(Set<Long> others) {
    return stores
        .steps()
        .uncounted(others)
        .compose(job -> job.isEmpty() ? Future.succeededFuture() : count(job.get()));
  }

  private Future<Void> count(Job job) {
    return endpointOf(job)
        .compose(found -> count(job, found))
        .recover(e -> Future.failedFuture(new StepException(job.id(), e)));
  }

  private Future<Optional<Endpoint>> endpointOf(Job job) {
    return stores.endpoints().find(job.tenantId(), job.endpointId());
  }

  private Future<Void> count(Job job, Optional<Endpoint> found) {
    if (found.isEmpty()) {
      return Future.succeededFuture();
    }
    Endpoint endpoint = found.get();
    return stores
        .ranges()
        .count(
            RangeStore.Query.of(job, notices),
            !endpoint.resourceScopes().equals(ResourceScopes.ALL),
            (type, resource) -> registry.isFor(endpoint, type, resource))
        .compose(deliveries -> stores.steps().total(job, deliveries));
  }

  /** What goes out next, and which event was the last that was looked at. */
  private record Picked(List<Candidate> deliveries, long cursor) {}
}
