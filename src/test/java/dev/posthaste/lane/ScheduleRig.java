package dev.posthaste.lane;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.lane.FlightBudget.Kinds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lanes and their schedule, driven as the dispatcher does. What begins is under way until ended.
 */
final class ScheduleRig {
  /** What has been under way since 0 is slow by then. */
  static final long LATER = 2_000_000_000L;

  final FlightBudget budget;
  final FairSchedule schedule;

  /** The oldest first. */
  final List<Flying> underWay = new ArrayList<>();

  private final Map<Long, TenantShare> tenants = new HashMap<>();

  ScheduleRig(Kinds all, Kinds tenant) {
    this.budget = new FlightBudget(new FlightBudget.Limits(all, tenant));
    this.schedule = new FairSchedule(budget);
  }

  record Flying(Lane lane, Traffic traffic) {}

  /** Every kind may take all. */
  static Kinds kinds(int total) {
    return new Kinds(total, total, total, total, total);
  }

  Lane lane(long tenant, long endpoint, int waiting, Trigger trigger) {
    return lane(tenant, endpoint, waiting, trigger, new AimdLimit(64));
  }

  /** Of an endpoint that has shown that it takes as many at once as wait for it. */
  Lane wideLane(long tenant, long endpoint, int waiting) {
    AimdLimit limit = new AimdLimit(waiting);
    for (int i = 0; i < waiting; i++) {
      limit.onSuccess(waiting);
    }
    return lane(tenant, endpoint, waiting, Trigger.LIVE, limit);
  }

  private Lane lane(long tenant, long endpoint, int waiting, Trigger trigger, AimdLimit limit) {
    TenantShare share = tenants.computeIfAbsent(tenant, TenantShare::new);
    Lane lane = new Lane(endpoint, share, LaneTest.RULES, limit);
    for (int i = 0; i < waiting; i++) {
      lane.add(LaneTest.delivery(i, trigger), 0);
    }
    return lane;
  }

  /** One of its first attempts is under way, from which nothing has come back for long. */
  Lane hanging(Lane lane) {
    begin(lane, 0);
    lane.look(LATER);
    schedule.learnt(lane);
    return lane;
  }

  /** Something has come back from its endpoint. */
  Lane answering(Lane lane) {
    learn(lane, 0, 0);
    return lane;
  }

  void learn(Lane lane, long startedNanos, long now) {
    lane.learn(startedNanos, now, false);
    schedule.learnt(lane);
  }

  void consider(Lane... lanes) {
    for (Lane lane : lanes) {
      schedule.consider(lane, 0);
    }
  }

  List<Long> startAll() {
    return startAll(0);
  }

  /** Of which endpoints, one after the other. */
  List<Long> startAll(long now) {
    List<Long> order = new ArrayList<>();
    for (Lane lane = schedule.next(now); lane != null; lane = schedule.next(now)) {
      start(lane, now);
      order.add(lane.endpointId());
    }
    return order;
  }

  void start(Lane lane, long now) {
    begin(lane, now);
    schedule.consider(lane, now);
  }

  private void begin(Lane lane, long now) {
    Traffic traffic = Traffic.of(lane.start(now).delivery());
    schedule.started(lane, traffic);
    underWay.add(new Flying(lane, traffic));
  }

  void end(Lane lane, Traffic traffic) {
    land(underWay.indexOf(new Flying(lane, traffic)));
    schedule.consider(lane, 0);
  }

  /** It has ended; what it tells, and a look at its lane, come apart. */
  Lane land(int index) {
    Flying landed = underWay.remove(index);
    schedule.ended(landed.lane, landed.traffic);
    landed.lane.ended(landed.traffic);
    return landed.lane;
  }

  /** Whose turn it is while so many attempts end, one after the other, the oldest first. */
  List<Long> turns(int ends, Lane... lanes) {
    consider(lanes);
    List<Long> turns = new ArrayList<>(startAll());
    for (int i = 0; i < ends; i++) {
      consider(land(0));
      turns.addAll(startAll());
    }
    return turns;
  }
}
