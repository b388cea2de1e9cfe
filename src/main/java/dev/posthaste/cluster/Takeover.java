package dev.posthaste.cluster;

import dev.posthaste.store.Fence;
import dev.posthaste.store.NodeTable;
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

  static Future<Void> of(NodeTable nodes, List<NodeTable.Sighting> dead) {
    Future<Void> chain = Future.succeededFuture();
    for (NodeTable.Sighting node : dead) {
      chain =
          chain
              .compose(v -> nodes.takeOver(node))
              .map(
                  recovered -> {
                    recovered.ifPresent(count -> report(node.fence(), count));
                    return null;
                  });
    }
    return chain;
  }

  private static void report(Fence dead, int recovered) {
    LOG.atInfo()
        .addKeyValue("node", dead.node())
        .addKeyValue("epoch", dead.epoch())
        .addKeyValue("recovered", recovered)
        .log("Took over a node that had died; its unsettled deliveries are due now");
  }
}
