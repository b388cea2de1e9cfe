package dev.posthaste.send;

import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;

/**
 * Who may have the next connection of a {@link Pool}. Belongs to one event loop.
 *
 * <p>Behind one host may be endpoints of many tenants, and one that hangs keeps whatever it is
 * given until its deadlines. So each of them, a caller, may have {@link #OWN} connections even when
 * the others hold all that the limit allows; it never waits for these, and passes them to nobody
 * while it has requests that wait. For the rest of the limit callers take turns.
 *
 * <p>A caller waits only while it holds its own and all hold the limit. Both change only when a
 * connection is released, so that is when somebody is called.
 */
final class Turns {
  /**
   * Connections that a caller has whatever the others hold; fewer if the limit is. Enough for what
   * a lane begins with, few enough to be kind to a host with hundreds of endpoints.
   */
  static final int OWN = 4;

  private final int limit;
  private final int own;
  private final int maxWaiting;
  private final IdentityHashMap<Target, Caller> callers = new IdentityHashMap<>();

  /** Who has requests that wait, and the next one in front. */
  private final ArrayDeque<Caller> line = new ArrayDeque<>();

  private int held;

  /** Counts those with it whose deadline is over, until somebody looks. */
  private int waiting;

  /**
   * @param limit of connections that are held at the same time, but for each caller's own
   * @param maxWaiting requests, of all callers together
   */
  Turns(int limit, int maxWaiting) {
    this.limit = limit;
    this.own = Math.min(OWN, limit);
    this.maxWaiting = maxWaiting;
  }

  /** What one target holds and waits for. */
  static final class Caller {
    private final ArrayDeque<Promise<Connection>> waiting = new ArrayDeque<>(1);
    private int held;
    private boolean inLine;

    private boolean isDone() {
      return held == 0 && !inLine;
    }
  }

  /** Targets are told apart by identity: two endpoints may well have the same URL. */
  Caller caller(Target target) {
    return callers.computeIfAbsent(target, unknown -> new Caller());
  }

  /** Whether the caller may have one more connection now; it holds it from then on. */
  boolean admit(Caller caller) {
    boolean admitted = held < limit || caller.held < own;
    if (admitted) {
      hold(caller);
    }
    return admitted;
  }

  /**
   * Puts a request behind the caller's others; who completes the promise takes it off.
   *
   * @return false if there is no room
   */
  boolean queue(Caller caller, Promise<Connection> asker) {
    if (waiting >= maxWaiting) {
      forgetLate();
    }
    if (waiting >= maxWaiting) {
      return false;
    }
    caller.waiting.add(asker);
    waiting++;
    if (!caller.inLine) {
      caller.inLine = true;
      line.add(caller);
    }
    return true;
  }

  /**
   * Takes a connection from who holds it, and says who holds one instead: its first request, see
   * {@link #call}, is to be served.
   *
   * @return null if nobody waits who may have one
   */
  Caller passOn(Caller holder) {
    holder.held--;
    held--;
    Caller next = next(holder);
    if (next != null) {
      hold(next);
    }
    return next;
  }

  /** Takes the first request off that waits; to be called at once after {@link #passOn}. */
  Promise<Connection> call(Caller next) {
    waiting--;
    return next.waiting.poll();
  }

  /**
   * Forgets requests whose deadline is over, and callers that neither hold nor wait: not at once,
   * since who posts now and then would be made anew for each post.
   *
   * @return whether there is no caller left
   */
  boolean sweep() {
    forgetLate();
    callers.values().removeIf(Caller::isDone);
    return callers.isEmpty();
  }

  private void hold(Caller caller) {
    caller.held++;
    held++;
  }

  private Caller next(Caller releaser) {
    if (releaser.held < own && isWaiting(releaser)) {
      return releaser;
    }
    return held < limit ? firstInLine() : null;
  }

  /** It goes to the end, although it may wait for nothing then: its next turn shows. */
  private Caller firstInLine() {
    for (Caller first = line.poll(); first != null; first = line.poll()) {
      if (isWaiting(first)) {
        line.add(first);
        return first;
      }
      first.inLine = false;
    }
    return null;
  }

  /** Looks for its first request whose deadline is not over. */
  private boolean isWaiting(Caller caller) {
    Promise<Connection> first = caller.waiting.peek();
    while (first != null && first.future().isComplete()) {
      call(caller);
      first = caller.waiting.peek();
    }
    return first != null;
  }

  private void forgetLate() {
    waiting = 0;
    for (Caller caller : line) {
      caller.waiting.removeIf(asker -> asker.future().isComplete());
      caller.inLine = !caller.waiting.isEmpty();
      waiting += caller.waiting.size();
    }
    line.removeIf(caller -> !caller.inLine);
  }
}
