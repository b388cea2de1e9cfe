package dev.posthaste.cluster;

import dev.posthaste.store.Fence;
import dev.posthaste.store.NodeTable;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adopts what dead nodes left behind. */
public final class Takeover {
  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
  private static final int NOBODY = -1;

  private Takeover() {}

  /**
   * Takes over every node there is: for a database that only this process uses, where whoever else
   * is listed died without a word.
   */
  public static Future<Void> ofAll(NodeTable nodes) {
    return nodes.others(NOBODY).compose(dead -> of(nodes, dead));
  }

  /** One after the other; one that cannot be taken over yet does not keep the rest waiting. */
  static Future<Void> of(NodeTable nodes, List<NodeTable.Sighting> dead) {
    Future<Void> chain = Future.succeededFuture();
    for (NodeTable.Sighting node : dead) {
      chain = chain.transform(before -> of(nodes, node).compose(v -> asIt(before)));
    }
    return chain;
  }

  private static Future<Void> asIt(AsyncResult<Void> was) {
    return was.succeeded() ? Future.succeededFuture() : Future.failedFuture(was.cause());
  }

  private static Future<Void> of(NodeTable nodes, NodeTable.Sighting dead) {
    return nodes
        .takeOver(dead)
        .map(
            recovered -> {
              recovered.ifPresent(count -> report(dead.fence(), count));
              return null;
            });
  }

  private static void report(Fence dead, int recovered) {
    LOG.atInfo()
        .addKeyValue("node", dead.node())
        .addKeyValue("epoch", dead.epoch())
        .addKeyValue("recovered", recovered)
        .log("Took over a node that had died; its unsettled deliveries are due now");
  }
}
