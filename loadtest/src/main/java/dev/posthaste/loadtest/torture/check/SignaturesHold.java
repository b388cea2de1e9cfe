package dev.posthaste.loadtest.torture.check;

import dev.posthaste.loadtest.torture.check.History.Inflow;
import java.util.ArrayList;
import java.util.List;

/** Every message was signed with its endpoint's secret and was one that somebody published. */
public final class SignaturesHold implements Check {
  private static final String RULE = "signatures hold";

  @Override
  public List<Violation> violations(History history) {
    List<Violation> found = new ArrayList<>();
    for (Inflow inflow : history.inflows()) {
      String name = inflow.subscription().name();
      if (inflow.badSignatures() > 0) {
        found.add(new Violation(RULE, name, "", inflow.badSignatures() + " wrong signatures"));
      }
      if (inflow.foreign() > 0) {
        found.add(new Violation(RULE, name, "", inflow.foreign() + " messages that nobody sent"));
      }
    }
    return found;
  }
}
