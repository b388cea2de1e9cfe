package dev.posthaste.dispatch;

import dev.posthaste.event.Deferral.Reason;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Endpoint;
import dev.posthaste.lane.AimdLimit;
import dev.posthaste.lane.FairSchedule;
import dev.posthaste.lane.FlightBudget;
import dev.posthaste.lane.Lane;
import dev.posthaste.lane.LaneList;
import dev.posthaste.lane.MemoryBudget;
import dev.posthaste.lane.Pacer;
import dev.posthaste.lane.TenantShare;
import dev.posthaste.lane.Traffic;
import dev.posthaste.lane.Waiting;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The lanes of one event loop, made when their first delivery comes, and what they share. Belongs
 * to that loop.
 */
final class Lanes {
  /** For how long a lane takes nothing back that met full memory. */
  private static final long MEMORY_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LaneLimits limits;
  private final Host host;
  private final Map<Long, Lane> byEndpoint = new HashMap<>();
  private final Map<Long, TenantShare> tenants = new HashMap<>();
  private final LaneList active = new LaneList();
  private final IdleLanes idle;
  private final IdleLanes idleDirect;
  private final FlightBudget flights;
  private final FairSchedule schedule;
  private final MemoryBudget memory;
  private final Overflows overflows;
  private final PaceTimers paces;
  private int waiting;
  private long waitingBytes;
  private int openBreakers;

  /** None yet. */
  Lanes(Vertx vertx, LaneLimits limits, LaneRooms rooms, Host host) {
    this.limits = limits;
    this.host = host;
    this.idle = new IdleLanes(limits.idle());
    this.idleDirect = new IdleLanes(limits.idleDirect());
    this.flights = new FlightBudget(limits.flights());
    this.schedule = new FairSchedule(flights);
    this.memory =
        new MemoryBudget(limits.maxBytes(), limits.maxBytesPerTenant(), limits.reservedPercent());
    this.overflows = new Overflows(rooms);
    this.paces = new PaceTimers(vertx, this::paced);
  }

  /** Whom the lanes belong to. */
  interface Host {
    /** A delivery has left its lane without an attempt and waits in the table. */
    void parked(Delivery delivery, Reason reason);

    /**
     * Whether what waits too long may be parked now. If not, it stays for another while: it would
     * wait in memory all the same, and no attempts begin while very much of it does.
     */
    boolean canPark();

    /** The pace of a lane lets it go on. */
    void paced();

    /** The lane is closed for a while: its endpoint may have changed, so that it need not be. */
    void review(Lane lane, long nowNanos);

    /** Nothing of the endpoint is in memory any more. */
    void forgotten(long endpointId);

    /** How many nodes share the pace of an endpoint; at least 1. */
    int liveNodes();
  }

  /** Takes a delivery into its lane, or parks it. */
  void offer(Delivery delivery, long nowMillis) {
    long now = System.nanoTime();
    Lane lane = byEndpoint.get(delivery.endpointId());
    if (lane == null) {
      lane = make(delivery, now);
    }
    Optional<Reason> refusal = lane.refusal(delivery, now);
    if (refusal.isPresent()) {
      overflows.spilled(lane, now);
      overflows.changed(lane, now);
      host.parked(delivery, refusal.get());
    } else if (memory.admits(lane, bytes(delivery))) {
      add(lane, delivery, nowMillis, now);
    } else {
      overflows.spilled(lane, now);
      lane.closeUntil(now + MEMORY_PAUSE_NANOS);
      overflows.changed(lane, now);
      host.parked(delivery, Reason.MEMORY_FULL);
    }
  }

  private Lane make(Delivery delivery, long now) {
    TenantShare tenant =
        tenants.computeIfAbsent(delivery.event().tenantId(), id -> new TenantShare(id));
    Lane lane =
        new Lane(delivery.endpointId(), tenant, limits.lane(), new AimdLimit(limits.ceiling()));
    tenant.joined();
    byEndpoint.put(lane.endpointId(), lane);
    lane.openSince(now);
    lane.idleSince(now);
    idleOf(lane).add(lane);
    return lane;
  }

  private void add(Lane lane, Delivery delivery, long nowMillis, long now) {
    keeps(lane, delivery);
    lane.add(delivery, nowMillis);
    count(delivery, 1);
    if (!active.has(lane)) {
      active.add(lane);
      lane.paceFor(host.liveNodes());
    }
    overflows.changed(lane, now);
    consider(lane, now);
  }

  private void count(Delivery delivery, int deliveries) {
    waiting += deliveries;
    waitingBytes += (long) deliveries * bytes(delivery);
  }

  private static int bytes(Delivery delivery) {
    return delivery.event().data().size();
  }

  /** The delivery takes memory of the lane's tenant. */
  void keeps(Lane lane, Delivery delivery) {
    memory.take(lane, bytes(delivery));
  }

  /** The delivery has left the memory, or is about to come again. */
  void leaves(Lane lane, Delivery delivery) {
    TenantShare tenant = lane.tenant();
    memory.giveBack(lane, bytes(delivery));
    if (tenant.isUnused()) {
      tenants.remove(tenant.tenantId());
    }
  }

  /** The lane whose turn it is; null if none may go. */
  Lane next() {
    return schedule.next(System.nanoTime());
  }

  /** Takes the next delivery of a lane into flight. */
  Waiting start(Lane lane, long now) {
    Waiting started = lane.start(now);
    count(started.delivery(), -1);
    schedule.started(lane, Traffic.of(started.delivery()));
    overflows.changed(lane, now);
    consider(lane, now);
    return started;
  }

  /** An attempt has ended; {@link #changed} is to follow once the lane has learnt from it. */
  void ended(Lane lane, Delivery delivery) {
    Traffic traffic = Traffic.of(delivery);
    schedule.ended(lane, traffic);
    lane.ended(traffic);
    leaves(lane, delivery);
  }

  /** To be told when anything about the lane is different. */
  void changed(Lane lane, long now) {
    schedule.learnt(lane);
    overflows.changed(lane, now);
    if (lane.size() == 0 && lane.inFlight() == 0 && active.has(lane)) {
      lane.idleSince(now);
      idleOf(lane).add(lane);
    }
    consider(lane, now);
  }

  /** A lane that only its pace holds back is looked at again when the pace lets it go. */
  private void consider(Lane lane, long now) {
    schedule.consider(lane, now);
    paces.consider(lane, now);
  }

  private void paced(Lane lane) {
    consider(lane, System.nanoTime());
    host.paced();
  }

  /** What the endpoint allows, whenever it has changed. */
  void allow(Lane lane, Endpoint endpoint) {
    long interval =
        endpoint
            .rateLimit()
            .map(limit -> Pacer.interval(limit.count(), limit.perSeconds()))
            .orElse(0L);
    lane.allow(interval, endpoint.maxConcurrency().orElse(limits.ceiling()));
    lane.paceFor(host.liveNodes());
  }

  /** The endpoint fails: what waits for it goes to the table. */
  void opened(Lane lane, long now) {
    openBreakers++;
    overflows.spilled(lane, now);
    empty(lane, delivery -> host.parked(delivery, Reason.BREAKER_OPEN));
  }

  /** The endpoint is well again after its breaker was open, or may be sent to again. */
  void restart(Lane lane, long now) {
    if (lane.breaker().isOpen()) {
      openBreakers--;
    }
    lane.restart(now);
  }

  /** The endpoint is gone: nothing holds back what waits for it, so that it ends. */
  void release(Lane lane, long now) {
    restart(lane, now);
    lane.allow(0, limits.ceiling());
    lane.paceFor(host.liveNodes());
  }

  /** Hands out what waits in a lane. */
  void empty(Lane lane, Consumer<Delivery> taker) {
    expire(lane, Long.MAX_VALUE, taker);
  }

  private int expire(Lane lane, long beforeMillis, Consumer<Delivery> taker) {
    return lane.expire(
        beforeMillis,
        delivery -> {
          count(delivery, -1);
          leaves(lane, delivery);
          taker.accept(delivery);
        });
  }

  /** Empties all lanes. */
  void drain(Consumer<Delivery> taker) {
    for (Lane lane = active.first(); lane != null; lane = active.after(lane)) {
      empty(lane, taker);
    }
  }

  /**
   * Looks at the lanes that have something: parks what waits too long, notices who hangs. And
   * forgets some of the others that have had nothing for long.
   *
   * @return what it holds
   */
  DispatchObserver.Load sweep(long nowMillis) {
    long now = System.nanoTime();
    long expired = nowMillis - limits.holdMillis();
    long oldest = nowMillis;
    int nodes = host.liveNodes();
    Lane following;
    for (Lane lane = active.first(); lane != null; lane = following) {
      following = active.after(lane);
      review(lane, now);
      lane.paceFor(nodes);
      lane.look(now);
      if (lane.oldestMillis() < expired && host.canPark()) {
        spillHeld(lane, expired, now);
      }
      oldest = Math.min(oldest, lane.oldestMillis());
      changed(lane, now);
    }
    for (Lane lane : overflows.all()) {
      review(lane, now);
      overflows.changed(lane, now);
    }
    idle.sweep(now, this::forget);
    idleDirect.sweep(now, this::forget);
    return new DispatchObserver.Load(
        byEndpoint.size(), waiting, waitingBytes, inFlight(), openBreakers, nowMillis - oldest);
  }

  private void review(Lane lane, long now) {
    if (lane.breaker().isOpen() || lane.isAwaited() || isClosedToTable(lane, now)) {
      host.review(lane, now);
    }
  }

  private static boolean isClosedToTable(Lane lane, long now) {
    return lane.isOverflowing() && lane.opensNanos(now) - now > 0;
  }

  private void spillHeld(Lane lane, long beforeMillis, long now) {
    overflows.spilled(lane, now);
    lane.tooSlow(now);
    expire(lane, beforeMillis, delivery -> host.parked(delivery, Reason.HELD_TOO_LONG));
  }

  private IdleLanes idleOf(Lane lane) {
    return DirectTarget.is(lane.endpointId()) ? idleDirect : idle;
  }

  private void forget(Lane lane) {
    idleOf(lane).remove(lane);
    overflows.forget(lane);
    if (lane.breaker().isOpen()) {
      openBreakers--;
    }
    byEndpoint.remove(lane.endpointId());
    if (lane.tenant().left()) {
      tenants.remove(lane.tenant().tenantId());
    }
    host.forgotten(lane.endpointId());
  }

  /** Attempts under way. */
  int inFlight() {
    return flights.inFlight();
  }

  /** Bytes of payload that count against the memory budget: also those of a retry to come. */
  long heldBytes() {
    return memory.used();
  }

  /** Whether nothing is kept in memory. */
  boolean isEmpty() {
    return byEndpoint.isEmpty() && tenants.isEmpty();
  }
}
