package dev.posthaste.loadtest.demo;

import java.util.function.ToIntFunction;

/** The tables at the end. */
record Ending(Publisher publisher, Audit audit) {
  private static final String ROW = "%-16s %-10s %-40s %7s %8s %8s %7s %8s %6s  %s%n";

  String text() {
    return endpoints() + "\n" + totals() + "\n" + verdict();
  }

  private String endpoints() {
    StringBuilder out = new StringBuilder("\n");
    out.append(
        ROW.formatted(
            "endpoint",
            "contract",
            "mood",
            "due",
            "arrived",
            "retried",
            "failed",
            "waiting",
            "twice",
            "status"));
    for (Audit.Line line : audit.lines()) {
      Inbox inbox = line.inbox();
      Subscriber subscriber = inbox.subscriber();
      out.append(
          ROW.formatted(
              subscriber.uid(),
              subscriber.customer().code(),
              subscriber.mood().words(),
              line.due(),
              inbox.arrived(),
              inbox.retried(),
              line.log().failed(),
              line.log().pending(),
              inbox.duplicates(),
              line.status()));
    }
    return out.toString();
  }

  private String totals() {
    int announced = sum(line -> line.inbox().announcements());
    int failed = sum(line -> line.log().failed());
    return row("accepted", publisher.accepted())
        + row("known again by their id", publisher.repeats())
        + row("delivered", sum(line -> line.inbox().arrived()))
        + row("tried again", sum(line -> line.inbox().retried()))
        + row("failed, as they should", failed)
        + row("waiting for a retry", sum(line -> line.log().pending()))
        + row("duplicates", sum(line -> line.inbox().duplicates()))
        + row("bad signatures", sum(line -> line.inbox().badSignatures()))
        + row("data not as posted", audit.altered())
        + row("announced: endpoint disabled", announced)
        + "accepted to arrived at the healthy  p50 %d ms, p99 %d ms, max %d ms%n"
            .formatted(
                audit.latency().getValueAtPercentile(50),
                audit.latency().getValueAtPercentile(99),
                audit.latency().getMaxValue());
  }

  private int sum(ToIntFunction<Audit.Line> of) {
    return audit.lines().stream().mapToInt(of).sum();
  }

  private static String row(String label, int count) {
    return "%-34s %,8d%n".formatted(label, count);
  }

  private String verdict() {
    return audit.faults().isEmpty()
        ? "Nothing was lost: every accepted event is where it should be.\n"
        : "NOT AS PROMISED:\n  " + String.join("\n  ", audit.faults()) + "\n";
  }
}
