package dev.posthaste.loadtest.torture.check;

import java.util.List;

/** One thing that must hold. */
@FunctionalInterface
public interface Check {
  /** What breaks it; empty if it holds. */
  List<Violation> violations(History history);
}
