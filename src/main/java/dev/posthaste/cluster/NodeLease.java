package dev.posthaste.cluster;

import dev.posthaste.settings.ClusterSettings;
import dev.posthaste.store.Fence;
import dev.posthaste.store.NodeTable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
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
  private final Fence fence;
  private final ClusterSettings settings;
  private final Supplier<Future<Long>> settledBelow;
  private final Runnable onLost;

  private long unbrokenSinceNanos;
  private long lastBeatNanos;
  private boolean stopped;
  private Future<?> underWay = Future.succeededFuture();

  /**
   * @param settledBelow the watermark of the whole node
   * @param onLost called once when another node has taken this one over
   */
  public NodeLease(
      NodeTable nodes,
      Fence fence,
      ClusterSettings settings,
      Supplier<Future<Long>> settledBelow,
      Runnable onLost) {
    this.nodes = nodes;
    this.fence = fence;
    this.settings = settings;
    this.settledBelow = settledBelow;
    this.onLost = onLost;
  }

  @Override
  public Future<?> start() {
    unbrokenSinceNanos = System.nanoTime();
    lastBeatNanos = unbrokenSinceNanos;
    beatLater();
    return Future.succeededFuture();
  }

  private void beatLater() {
    vertx.setTimer(
        settings.heartbeat().toMillis(),
        timer -> {
          if (!stopped) {
            underWay = beat();
          }
        });
  }

  private Future<?> beat() {
    return settledBelow
        .get()
        .compose(below -> nodes.heartbeat(fence, below))
        .compose(
            isOurs -> {
              if (!isOurs) {
                lost();
                return Future.succeededFuture();
              }
              beaten();
              return lookForSilent();
            })
        .onFailure(this::failed)
        .onComplete(
            done -> {
              if (!stopped) {
                beatLater();
              }
            });
  }

  /** A gap as long as a lease breaks it: then others may be alive that this node could not see. */
  private void beaten() {
    long now = System.nanoTime();
    if (now - lastBeatNanos >= settings.lease().toNanos()) {
      unbrokenSinceNanos = now;
    }
    lastBeatNanos = now;
  }

  private Future<Void> lookForSilent() {
    if (lastBeatNanos - unbrokenSinceNanos < settings.lease().toNanos()) {
      return Future.succeededFuture();
    }
    return nodes
        .silent(fence.node(), settings.lease())
        .compose(silent -> Takeover.of(nodes, silent));
  }

  private void lost() {
    if (!stopped) {
      stopped = true;
      LOG.atError()
          .addKeyValue("node", fence.node())
          .log("Another node has taken this one over; dropping what is held and joining anew");
      onLost.run();
    }
  }

  private void failed(Throwable cause) {
    LOG.atWarn()
        .addKeyValue("cause", cause.getMessage())
        .log("The heartbeat did not reach the database; trying again");
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return underWay.otherwiseEmpty();
  }
}
