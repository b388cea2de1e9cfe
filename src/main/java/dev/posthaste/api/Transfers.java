package dev.posthaste.api;

import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many files are on their way in or out of this node, in all and of each tenant. For all event
 * loops.
 */
public final class Transfers {
  private static final int RETRY_SECONDS = 2;

  private final int most;
  private final int mostOfTenant;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Map<Long, Integer> ofTenants = new ConcurrentHashMap<>();

  /**
   * @param most at once on this node
   * @param mostOfTenant of these, so that no tenant takes all
   */
  public Transfers(int most, int mostOfTenant) {
    this.most = most;
    this.mostOfTenant = mostOfTenant;
  }

  /**
   * Begins one, of which it is not known yet whose it is; {@link Transfer#end} follows.
   *
   * @throws ProblemException 429 if there are as many as there may be
   */
  Transfer begin() {
    Transfer transfer = new Transfer();
    if (underWay.incrementAndGet() > most) {
      transfer.end();
      throw refused(
          "This server has as many files on their way as it takes at once (%d,"
              + " attachments.maxTransfers). Come again.",
          most);
    }
    return transfer;
  }

  private static ProblemException refused(String words, int limit) {
    return new ProblemException(Problem.overloaded(words.formatted(limit), RETRY_SECONDS));
  }

  private void leave(long tenantId) {
    ofTenants.computeIfPresent(tenantId, (id, count) -> count == 1 ? null : count - 1);
  }

  /** A file on its way. */
  final class Transfer {
    private final AtomicBoolean ended = new AtomicBoolean();
    private Runnable onEnd = () -> {};

    /**
     * Counts it for its tenant; to be called once, before the end.
     *
     * @throws ProblemException 429 if the tenant has as many as it may have; then it is ended
     */
    void of(long tenantId) {
      int count = ofTenants.merge(tenantId, 1, Integer::sum);
      onEnd = () -> leave(tenantId);
      if (count > mostOfTenant) {
        end();
        throw refused(
            "This tenant has as many files on their way as one may have at once on this server (%d,"
                + " attachments.maxTransfersPerTenant). Come again when one of them is done.",
            mostOfTenant);
      }
    }

    /** Makes room for others. May be called again. */
    void end() {
      if (ended.compareAndSet(false, true)) {
        underWay.decrementAndGet();
        onEnd.run();
      }
    }
  }
}
