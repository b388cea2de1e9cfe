package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.torture.check.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What publishers were answered. Thread-safe. */
final class Statuses {
  private static final String RULE = "answers that help";
  private static final Set<Integer> YES = Set.of(200, 202);
  private static final Set<Integer> LATER = Set.of(429, 503);

  private final Map<Integer, AtomicInteger> counts = new ConcurrentSkipListMap<>();
  private final Map<Integer, String> examples = new ConcurrentHashMap<>();
  private final AtomicInteger withoutTime = new AtomicInteger();

  /**
   * @param retryAfter whether the answer said when to come again
   */
  void count(int status, boolean retryAfter) {
    counts.computeIfAbsent(status, first -> new AtomicInteger()).incrementAndGet();
    if (LATER.contains(status) && !retryAfter) {
      withoutTime.incrementAndGet();
    }
  }

  /** Keeps the first answer of each kind. */
  void remember(int status, String body) {
    examples.putIfAbsent(status, body);
  }

  Map<Integer, AtomicInteger> counts() {
    return counts;
  }

  /** Answers that no publisher should see: faults of ours, and a no without a time. */
  List<Violation> violations() {
    List<Violation> found = new ArrayList<>();
    counts.forEach(
        (status, count) -> {
          if (!YES.contains(status) && !LATER.contains(status)) {
            found.add(violation(count + " times " + status + ": " + examples.get(status)));
          }
        });
    if (withoutTime.get() > 0) {
      found.add(violation(withoutTime + " times 429 or 503 without Retry-After"));
    }
    return found;
  }

  private static Violation violation(String detail) {
    return new Violation(RULE, "", "", detail);
  }
}
