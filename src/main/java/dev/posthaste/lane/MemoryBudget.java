package dev.posthaste.lane;

/**
 * How many bytes of payload the lanes of an event loop may hold: waiting, in flight, or seconds
 * before a retry. An event for several endpoints counts once for each, although it is there once.
 */
public final class MemoryBudget {
  private final long most;
  private final long mostPerTenant;
  private long used;

  /** Limits in bytes. */
  public MemoryBudget(long most, long mostPerTenant) {
    this.most = most;
    this.mostPerTenant = mostPerTenant;
  }

  /** Whether there is room. Whoever holds nothing gets room for one, however large it is. */
  public boolean admits(TenantShare tenant, int bytes) {
    return (used == 0 || used + bytes <= most)
        && (tenant.bytes == 0 || tenant.bytes + bytes <= mostPerTenant);
  }

  public void take(TenantShare tenant, int bytes) {
    used += bytes;
    tenant.bytes += bytes;
  }

  public void giveBack(TenantShare tenant, int bytes) {
    used -= bytes;
    tenant.bytes -= bytes;
  }

  public long used() {
    return used;
  }
}
