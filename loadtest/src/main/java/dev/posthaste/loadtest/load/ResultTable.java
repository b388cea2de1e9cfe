package dev.posthaste.loadtest.load;

import java.util.Optional;

/** What came of a profile, for people. */
final class ResultTable {
  private static final String ROW = "%-18s %9s %9s %9s %8s  %-20s %-27s %s%n";
  private static final double NOTICEABLE = 0.1;
  private static final int SHOWN = 20;

  private final Profile profile;
  private final ProfileResult result;

  ResultTable(Profile profile, ProfileResult result) {
    this.profile = profile;
    this.result = result;
  }

  String text() {
    StringBuilder out = new StringBuilder();
    out.append("\n%s, events a second and milliseconds%n".formatted(profile.code()));
    out.append(
        ROW.formatted(
            "",
            "requested",
            "sent",
            "202",
            "refused",
            "202 p50/p99/p99.9",
            "arrived p50/p99/p99.9/max",
            "injector late p99"));
    result.legs().forEach(leg -> out.append(row(leg)));
    result.knee().ifPresent(knee -> out.append(knee(knee)));
    if (profile == Profile.BURST) {
      result.legs().stream()
          .filter(leg -> leg.name().equals("burst"))
          .forEach(
              leg ->
                  out.append(
                      "All of the burst had arrived %.1f s after its end.%n"
                          .formatted(leg.drainSeconds())));
    }
    return out.append(counts()).append(ending()).toString();
  }

  private static String row(LegResult leg) {
    String first =
        ROW.formatted(
            leg.name(),
            "%,.0f".formatted(leg.requested()),
            "%,.0f".formatted(leg.sent()),
            "%,.0f".formatted(leg.achieved()),
            "%,d".formatted(leg.refused()),
            three(leg.times().answered()),
            four(leg.times().arrived()),
            "%,.0f".formatted(leg.times().late().p99()));
    return first
        + leg.times()
            .troubled()
            .map(them -> ROW.formatted("  not healthy", "", "", "", "", "", four(them), ""))
            .orElse("");
  }

  private static String three(Percentiles times) {
    return "%,.1f/%,.1f/%,.1f".formatted(times.p50(), times.p99(), times.p999());
  }

  private static String four(Percentiles times) {
    return three(times) + "/%,.0f".formatted(times.max());
  }

  private static String knee(Knee knee) {
    return knee.isFound()
        ? "The knee is at %,.0f events/s; %s.%n".formatted(knee.rate(), knee.end())
        : "No rate held; %s.%n".formatted(knee.end());
  }

  private String counts() {
    Reconciliation all = result.reconciliation();
    return "%,d acknowledged, %d lost, %,d arrived again, %,d arrived without a yes.%n"
        .formatted(all.acknowledged(), all.lost().size(), all.duplicates(), all.unacknowledged());
  }

  private String ending() {
    StringBuilder out = new StringBuilder();
    if (result.others().orElse(0) > NOTICEABLE) {
      out.append(
          "Other processes took %.0f %% of the machine.%n"
              .formatted(100 * result.others().getAsDouble()));
    }
    if (!result.assertions()) {
      out.append("Not all assertions hold: see Gatling's report.\n");
    }
    result.reports().forEach(report -> out.append(report).append('\n'));
    result.reconciliation().lost().stream()
        .limit(SHOWN)
        .forEach(id -> out.append("LOST ").append(id).append('\n'));
    Optional<String> reason = result.whyVoid();
    reason.ifPresent(why -> out.append("VOID: ").append(why).append('\n'));
    return out.toString();
  }
}
