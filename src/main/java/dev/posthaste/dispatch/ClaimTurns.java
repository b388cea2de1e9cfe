package dev.posthaste.dispatch;

import dev.posthaste.event.DirectTarget;
import dev.posthaste.store.DeferredStore;

/**
 * Where the next look begins: round the endpoints, and apart from them round the destinations that
 * events bring, in turns. Of the latter there may be one for each event, and endpoints do not wait
 * until all of them were visited. Belongs to the event loop of the claimer.
 */
final class ClaimTurns {
  /** While nothing waits for the one kind, it gets one look in so many of the other. */
  private static final int SELDOM = 8;

  private long afterEndpoint;
  private long afterDirect = DeferredStore.FIRST_DIRECT;
  private boolean direct;
  private boolean noEndpoints = true;
  private boolean noDirect = true;
  private int looksWithout;

  /** The id after which the look begins. */
  long after() {
    return direct ? afterDirect : afterEndpoint;
  }

  /** Whether the look comes by a target, unless it ends before. */
  boolean passes(long endpointId) {
    return DirectTarget.is(endpointId) == direct && endpointId > after();
  }

  /** The look has ended with this. */
  void took(DeferredStore.Look look) {
    boolean nothing = look.due().isEmpty() && look.reached() == 0;
    if (direct) {
      afterDirect = look.reached() == 0 ? DeferredStore.FIRST_DIRECT : look.reached();
      noDirect = nothing;
      direct = false;
      looksWithout = 0;
    } else {
      afterEndpoint = look.reached();
      noEndpoints = nothing;
      looksWithout++;
      direct = nothing || !noDirect || looksWithout >= SELDOM;
    }
  }

  /** Whether the last looks have found nothing. */
  boolean isIdle() {
    return noEndpoints && noDirect;
  }
}
