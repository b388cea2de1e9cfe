package dev.posthaste.api;

import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import java.util.concurrent.atomic.AtomicInteger;

/** How many files are on their way in or out of this node. For all event loops. */
public final class Transfers {
  private static final int RETRY_SECONDS = 2;

  private final int most;
  private final AtomicInteger underWay = new AtomicInteger();

  public Transfers(int most) {
    this.most = most;
  }

  /**
   * Begins one; {@link #end} follows.
   *
   * @throws ProblemException 429 if there are as many as there may be
   */
  void begin() {
    if (underWay.incrementAndGet() > most) {
      end();
      throw new ProblemException(
          Problem.overloaded(
              "This server has as many files on their way as it takes at once. Come again.",
              RETRY_SECONDS));
    }
  }

  void end() {
    underWay.decrementAndGet();
  }
}
