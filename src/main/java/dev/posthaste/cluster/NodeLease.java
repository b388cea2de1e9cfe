package dev.posthaste.cluster;

import dev.posthaste.settings.ClusterSettings;
import dev.posthaste.store.Fence;
import dev.posthaste.store.HeldConnection;
import dev.posthaste.store.NodeTable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews this node's lease with every heartbeat, moves its watermark with it, and looks for nodes
 * that have fallen silent. One per node and epoch.
 */
public final class NodeLease extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);

  private final NodeTable nodes;
  private final HeldConnection own;
  private final Fence fence;
  private final ClusterSettings settings;
  private final Supplier<Future<Long>> settledBelow;
  private final IntConsumer onAlive;
  private final Runnable onLost;

  /** Of a lease, before a survivor's clock may find it over. */
  private static final double SURE_SHARE = 0.9;

  private final SilentNodes silent;
  private volatile long beatSentNanos;
  private volatile boolean held;
  private long unbrokenSinceNanos;
  private long lastBeatNanos;
  private boolean stopped;
  private LeaseObserver observer = LeaseObserver.NONE;
  private Future<Void> adopting = Future.succeededFuture();

  /**
   * @param own a connection for the heartbeats alone; closed at the end
   * @param settledBelow the watermark of the whole node
   * @param onAlive told with each heartbeat how many nodes are alive, this one included
   * @param onLost called once when another node has taken this one over
   */
  public NodeLease(
      NodeTable nodes,
      HeldConnection own,
      Fence fence,
      ClusterSettings settings,
      Supplier<Future<Long>> settledBelow,
      IntConsumer onAlive,
      Runnable onLost) {
    this.nodes = nodes;
    this.own = own;
    this.fence = fence;
    this.settings = settings;
    this.settledBelow = settledBelow;
    this.onAlive = onAlive;
    this.onLost = onLost;
    this.silent = new SilentNodes(settings.lease());
  }

  /** Tells of every renewal and of the loss; to be called before the start. */
  public NodeLease watchedBy(LeaseObserver watcher) {
    observer = watcher;
    return this;
  }

  @Override
  public Future<?> start() {
    observer.held();
    unbrokenSinceNanos = System.nanoTime();
    lastBeatNanos = unbrokenSinceNanos;
    beatSentNanos = unbrokenSinceNanos;
    beat();
    return Future.succeededFuture();
  }

  /**
   * Whether nobody can have taken this node over yet, by its own clock: one that was stopped and
   * goes on finds out without asking. From any thread.
   */
  public boolean isHeld() {
    return held && System.nanoTime() - beatSentNanos < settings.lease().toNanos() * SURE_SHARE;
  }

  private void beatLater() {
    vertx.setTimer(
        settings.heartbeat().toMillis(),
        timer -> {
          if (!stopped) {
            beat();
          }
        });
  }

  private void beat() {
    long sent = System.nanoTime();
    Answers.on(context, settledBelow.get())
        .compose(below -> nodes.heartbeat(own, fence, below))
        .onSuccess(isOurs -> beaten(isOurs, sent))
        .onFailure(this::failed)
        .onComplete(
            done -> {
              if (!stopped) {
                beatLater();
              }
            });
  }

  private void beaten(OptionalInt liveNodes, long sentNanos) {
    if (liveNodes.isPresent()) {
      onAlive.accept(liveNodes.getAsInt());
      renewed(sentNanos);
      held = true;
      lookForSilent();
    } else {
      lost();
    }
  }

  /**
   * A gap as long as a lease breaks it: then others may be alive that this node could not see. From
   * when the one before was sent: its answer may have come late.
   */
  private void renewed(long sentNanos) {
    long now = System.nanoTime();
    if (now - beatSentNanos >= settings.lease().toNanos()) {
      unbrokenSinceNanos = now;
    }
    beatSentNanos = sentNanos;
    lastBeatNanos = now;
    observer.held();
  }

  /** At every heartbeat, whatever else is under way: what is seen for the first time is alive. */
  private void lookForSilent() {
    long asked = System.nanoTime();
    nodes
        .others(fence.node())
        .map(others -> silent.among(others, asked, System.nanoTime()))
        .onSuccess(this::adopt)
        .onFailure(NodeLease::cannotTakeOver);
  }

  /** Beside the heartbeats: a recovery that takes long must not cost this node its own lease. */
  private void adopt(List<NodeTable.Sighting> dead) {
    if (!stopped && adopting.isComplete() && isLongUnbroken()) {
      adopting = Takeover.of(nodes, dead).onFailure(NodeLease::cannotTakeOver);
    }
  }

  private boolean isLongUnbroken() {
    return lastBeatNanos - unbrokenSinceNanos >= settings.lease().toNanos();
  }

  private static void cannotTakeOver(Throwable cause) {
    LOG.atWarn()
        .addKeyValue("cause", cause.getMessage())
        .log("Dead nodes could not be looked for or taken over yet; trying again");
  }

  private void lost() {
    held = false;
    if (!stopped) {
      stopped = true;
      observer.lost();
      LOG.atError()
          .addKeyValue("node", fence.node())
          .log("Another node has taken this one over; dropping what is held and joining anew");
      onLost.run();
    }
  }

  private void failed(Throwable cause) {
    if (stopped) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("cause", cause.getMessage())
        .log("The heartbeat did not reach the database; trying again");
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return own.close();
  }
}
