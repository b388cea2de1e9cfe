package dev.posthaste.lane;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Whose turn it is: tenants go round, and the ready lanes of a tenant go round, one delivery each
 * time. That is a deficit round robin whose every delivery costs its whole quantum: what an attempt
 * uses up is a place in flight, whatever its size.
 *
 * <p>A lane whose kind of traffic is at its limit, of its tenant or of all, is set aside, by kind,
 * and comes back when a place of that kind becomes free: nobody ever looks through all lanes.
 */
public final class FairSchedule {
  /**
   * How often lanes are brought back for one turn: their tenants may be at their limit, and others
   * wait behind.
   */
  private static final int BACK_PER_TURN = 64;

  private final FlightBudget budget;
  private final Queue<TenantShare> turns = new ArrayDeque<>();

  public FairSchedule(FlightBudget budget) {
    this.budget = budget;
  }

  /** To be told whenever a lane may have become ready, or its next delivery is another one. */
  public void consider(Lane lane, long nowNanos) {
    if (lane.isScheduled()) {
      return;
    }
    boolean ready = lane.isReady(nowNanos);
    if (lane.asideAmong() != null) {
      if (ready && budget.isAside(lane)) {
        return;
      }
      lane.asideAmong().remove(lane);
      lane.asideAmong(null);
    }
    if (ready) {
      enqueue(lane);
    } else {
      lane.turn(0);
    }
  }

  /**
   * The lane whose turn it is; it is ready and within the budget. The caller starts one delivery
   * and considers the lane again.
   *
   * @return null if no lane may go now
   */
  public Lane next(long nowNanos) {
    Lane lane = null;
    int back = 0;
    while (lane == null && !budget.isFull()) {
      TenantShare tenant = turns.poll();
      if (tenant == null) {
        if (++back > BACK_PER_TURN || !enqueue(budget.back())) {
          return null;
        }
      } else {
        tenant.inTurn = false;
        lane = nextOf(tenant, nowNanos);
        giveTurn(tenant);
      }
    }
    return lane;
  }

  /**
   * An attempt of the lane begins. The lane is to be considered again.
   *
   * <p>One lane of a kind comes back at a time, and more than one place may be free: the next one
   * comes back once this place is counted, or it would be sent behind the others in vain.
   */
  public void started(Lane lane, Traffic traffic) {
    budget.count(lane, traffic, 1);
    if (lane.tenant().ready.isEmpty()) {
      enqueue(budget.back(lane.tenant()));
    }
  }

  /**
   * An attempt of the lane has ended: whoever waited for its place may go. The lane is to be
   * considered again.
   */
  public void ended(Lane lane, Traffic traffic) {
    budget.count(lane, traffic, -1);
    freed(lane.tenant());
  }

  /** What the lane has learnt may make it another kind of lane, and leave its places to others. */
  public void learnt(Lane lane) {
    if (budget.refresh(lane)) {
      freed(lane.tenant());
    }
  }

  /**
   * Those that wait for a place of all come first: where both bounds are reached, others of the
   * same tenant would otherwise always be there before them.
   */
  private void freed(TenantShare tenant) {
    enqueue(budget.back());
    giveTurn(tenant);
    enqueue(budget.back(tenant));
  }

  private Lane nextOf(TenantShare tenant, long nowNanos) {
    if (!budget.admits(tenant)) {
      return null;
    }
    int back = 0;
    do {
      Lane lane = nextReady(tenant, nowNanos);
      if (lane != null) {
        return lane;
      }
    } while (++back <= BACK_PER_TURN && enqueue(budget.back(tenant)));
    return null;
  }

  private Lane nextReady(TenantShare tenant, long nowNanos) {
    Lane lane = tenant.ready.poll();
    while (lane != null) {
      lane.scheduled(false);
      // A lane that has its part comes again when one of its own attempts has ended.
      if (lane.isReady(nowNanos) && budget.leavesRoom(lane, nowNanos) && budget.admits(lane)) {
        return lane;
      }
      lane = tenant.ready.poll();
    }
    return null;
  }

  /** Whether there are any. */
  private boolean enqueue(List<Lane> lanes) {
    lanes.forEach(this::enqueue);
    return !lanes.isEmpty();
  }

  private void enqueue(Lane lane) {
    lane.scheduled(true);
    lane.tenant().ready.add(lane);
    giveTurn(lane.tenant());
  }

  private void giveTurn(TenantShare tenant) {
    if (!tenant.inTurn && !tenant.ready.isEmpty() && budget.admits(tenant)) {
      tenant.inTurn = true;
      turns.add(tenant);
    }
  }
}
