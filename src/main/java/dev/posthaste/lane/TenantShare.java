package dev.posthaste.lane;

import java.util.ArrayDeque;
import java.util.Queue;

/** What the lanes of one tenant use together on one event loop, and which of them are ready. */
public final class TenantShare {
  private final long tenantId;
  final Queue<Lane> ready = new ArrayDeque<>(1);
  final Flights flights = new Flights();
  boolean inTurn;
  long bytes;
  private int lanes;

  public TenantShare(long tenantId) {
    this.tenantId = tenantId;
  }

  public long tenantId() {
    return tenantId;
  }

  /** A lane of the tenant was made. */
  public void joined() {
    lanes++;
  }

  /** A lane of the tenant is gone; true if nothing needs this object any more. */
  public boolean left() {
    lanes--;
    return isUnused();
  }

  public boolean isUnused() {
    return lanes == 0 && bytes == 0 && ready.isEmpty();
  }
}
