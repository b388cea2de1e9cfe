package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.OrderKey;
import dev.posthaste.event.OrderLease;
import dev.posthaste.event.Settlement;
import dev.posthaste.store.OrderedStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The deliveries of one key that were claimed together: their lease, and the count of those that
 * are not over yet. Thread-safe.
 *
 * <p>The lease is measured by this process's own clock, from before the claim was sent: a process
 * that was stopped and goes on finds it over, however late it is. An attempt is begun only if it
 * ends before the lease does, however long the receiver takes: after it another node may make the
 * same one again and go on, and then this one would still arrive in between. Since survivors free
 * what a dead node had leased, it holds no longer than the node's own lease does.
 */
final class ClaimedRun implements OrderLease, Settlement {
  /** Of a lease, left free behind an attempt: what cuts it off may itself be late. */
  private static final double SPARE_SHARE = 0.05;

  /**
   * Of a lease, in which attempts are begun however long they take. Where they take longer than a
   * lease, order cannot be kept; late and twice is better than never.
   */
  private static final double SURE_SHARE = 0.1;

  private final OrderedStore.Run run;
  private final Lifetime lifetime;
  private final Consumer<ClaimedRun> onOver;
  private final AtomicInteger open;
  private volatile Duration pause = Duration.ZERO;
  private volatile boolean untried;

  /**
   * @param onOver called when the last delivery's outcome or deferral is committed; on any loop
   */
  ClaimedRun(OrderedStore.Run run, Lifetime lifetime, Consumer<ClaimedRun> onOver) {
    this.run = run;
    this.lifetime = lifetime;
    this.onOver = onOver;
    this.open = new AtomicInteger(run.rows().size());
  }

  /**
   * How long it belongs to this node.
   *
   * @param askedNanos when the claim was about to be sent, by {@link System#nanoTime}
   * @param nodeHolds whether this node still holds its own lease
   */
  record Lifetime(long askedNanos, Duration lease, BooleanSupplier nodeHolds) {}

  /** In their order. */
  List<Delivery> deliveries() {
    return run.rows().stream().map(this::delivery).toList();
  }

  private Delivery delivery(OrderedStore.Waiting row) {
    return new Delivery(
        row.event(),
        run.key().endpointId(),
        row.attempts(),
        row.trigger(),
        true,
        Optional.of(this),
        Optional.of(row.since()),
        this);
  }

  long tenantId() {
    return run.rows().getFirst().event().tenantId();
  }

  /** Of the data of all its events. */
  long bytes() {
    return run.rows().stream().mapToLong(row -> row.event().data().size()).sum();
  }

  @Override
  public OrderKey key() {
    return run.key();
  }

  @Override
  public long untilMicros() {
    return run.untilMicros();
  }

  @Override
  public boolean holds(Duration attempt) {
    long lease = lifetime.lease.toNanos();
    double most = Math.max(room(lifetime.lease) - attempt.toNanos(), lease * SURE_SHARE);
    return age() < most && lifetime.nodeHolds.getAsBoolean();
  }

  /** Whether attempts that take so long at most end within the lease under which they began. */
  static boolean keepsOrder(Duration lease, Duration attempt) {
    return attempt.toNanos() <= room(lease) - lease.toNanos() * SURE_SHARE;
  }

  private static double room(Duration lease) {
    return lease.toNanos() * (1 - SPARE_SHARE);
  }

  /** Whether its rows are surely free again. */
  boolean isExpired() {
    return age() > lifetime.lease.toNanos();
  }

  private long age() {
    return System.nanoTime() - lifetime.askedNanos;
  }

  @Override
  public void giveBack(Duration newPause, boolean isUntried) {
    untried = isUntried;
    pause = newPause;
  }

  /** How long it makes no sense to claim its key again. */
  Duration pause() {
    return pause;
  }

  /** Whether the endpoint's lane could not take it. */
  boolean isUntried() {
    return untried;
  }

  @Override
  public void settled() {
    if (open.decrementAndGet() == 0) {
      onOver.accept(this);
    }
  }
}
