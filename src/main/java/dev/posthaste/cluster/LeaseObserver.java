package dev.posthaste.cluster;

/** Sees what becomes of this node's lease. Called on the lease's event loop; must not throw. */
public interface LeaseObserver {
  /** Sees nothing. */
  LeaseObserver NONE = new LeaseObserver() {};

  /** The node holds its lease, from now for a whole lease time. */
  default void held() {}

  /** Another node has taken it over. */
  default void lost() {}
}
