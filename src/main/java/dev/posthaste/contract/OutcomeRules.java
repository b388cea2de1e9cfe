package dev.posthaste.contract;

import dev.posthaste.event.Reply;
import dev.posthaste.event.Verdict;
import java.util.Arrays;
import java.util.BitSet;

/** What counts as delivered, what is worth another attempt, and what is final. */
public final class OutcomeRules {
  private static final int GONE = 410;
  private static final int STATUSES = 600;

  private final Verdict[] byStatus = new Verdict[STATUSES];
  private final Verdict unanswered;

  /**
   * @param delivered statuses that end a delivery well
   * @param retried statuses worth another attempt; the remaining ones fail at once
   * @param unanswered for timeouts, network errors and answers that are no HTTP
   * @param gone for status 410, wherever else it may be listed
   */
  OutcomeRules(BitSet delivered, BitSet retried, Verdict unanswered, Verdict gone) {
    Arrays.fill(byStatus, Verdict.FAILED);
    retried.stream().forEach(status -> byStatus[status] = Verdict.RETRY);
    delivered.stream().forEach(status -> byStatus[status] = Verdict.DELIVERED);
    byStatus[GONE] = gone;
    this.unanswered = unanswered;
  }

  /**
   * What the reply means for its delivery; whether the schedule has an attempt left is not asked.
   */
  public Verdict verdict(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered -> ofStatus(answered.status());
      case Reply.Unanswered ignored -> unanswered;
    };
  }

  /** Three digits that HTTP does not define are no usable answer. */
  private Verdict ofStatus(int status) {
    return status < 100 || status >= STATUSES ? unanswered : byStatus[status];
  }
}
