package dev.posthaste.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Whose turn it is: tenants go round, and the ready lanes of a tenant go round, one delivery each
 * time. That is a deficit round robin whose every delivery costs its whole quantum: what an attempt
 * uses up is a place in flight, whatever its size.
 *
 * <p>A lane whose kind of traffic is at its limit is set aside, by kind, and comes back when a
 * place of that kind becomes free: nobody ever looks through all lanes.
 */
public final class FairSchedule {
  /**
   * Lanes brought back for one turn: their tenants may be at their limit, and others wait behind.
   */
  private static final int BACK_PER_TURN = 64;

  private final FlightBudget budget;
  private final Queue<TenantShare> turns = new ArrayDeque<>();

  /** By rank of the traffic; fast lanes at even places, slow ones at odd ones. */
  private final List<Set<Lane>> aside = new ArrayList<>();

  public FairSchedule(FlightBudget budget) {
    this.budget = budget;
    for (int i = 0; i < 2 * Traffic.KINDS; i++) {
      aside.add(new LinkedHashSet<>());
    }
  }

  /** To be told whenever a lane may have become ready, or its next delivery is another one. */
  public void consider(Lane lane, long nowNanos) {
    if (lane.isScheduled()) {
      return;
    }
    boolean ready = lane.isReady(nowNanos);
    Set<Lane> kept = lane.asideAmong();
    if (kept != null) {
      if (ready && kept == asideOf(lane)) {
        return;
      }
      kept.remove(lane);
      lane.asideAmong(null);
    }
    if (ready) {
      enqueue(lane);
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
        if (++back > BACK_PER_TURN || !bringBack()) {
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

  /** An attempt of the lane begins. */
  public void started(Lane lane, Traffic traffic) {
    budget.count(lane, traffic, 1);
  }

  /** An attempt of the lane has ended: whoever waited for its place may go. */
  public void ended(Lane lane, Traffic traffic) {
    budget.count(lane, traffic, -1);
    giveTurn(lane.tenant());
    bringBack();
  }

  private Lane nextOf(TenantShare tenant, long nowNanos) {
    if (!budget.admits(tenant)) {
      return null;
    }
    Lane lane = tenant.ready.poll();
    while (lane != null) {
      lane.scheduled(false);
      if (lane.isReady(nowNanos)) {
        if (budget.admits(lane.nextTraffic(), lane.isSlow())) {
          return lane;
        }
        setAside(lane);
      }
      lane = tenant.ready.poll();
    }
    return null;
  }

  private void setAside(Lane lane) {
    Set<Lane> kept = asideOf(lane);
    kept.add(lane);
    lane.asideAmong(kept);
  }

  /** Lets one lane of each kind that is below its limit stand in line again. */
  private boolean bringBack() {
    boolean any = false;
    for (Traffic traffic : Traffic.ALL) {
      any |= bringBack(traffic, false);
      any |= bringBack(traffic, true);
    }
    return any;
  }

  private boolean bringBack(Traffic traffic, boolean isSlow) {
    Set<Lane> kept = aside.get(place(traffic, isSlow));
    if (kept.isEmpty() || !budget.admits(traffic, isSlow)) {
      return false;
    }
    var lanes = kept.iterator();
    Lane lane = lanes.next();
    lanes.remove();
    lane.asideAmong(null);
    enqueue(lane);
    return true;
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

  private Set<Lane> asideOf(Lane lane) {
    return aside.get(place(lane.nextTraffic(), lane.isSlow()));
  }

  private static int place(Traffic traffic, boolean isSlow) {
    return 2 * traffic.rank() + (isSlow ? 1 : 0);
  }
}
