package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.torture.check.History;
import dev.posthaste.loadtest.torture.check.NothingAfterDelete;
import dev.posthaste.loadtest.torture.check.PaceKept;
import dev.posthaste.loadtest.torture.check.RecoveryTimes;
import dev.posthaste.loadtest.torture.check.Tally;
import dev.posthaste.loadtest.torture.check.Violation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What came of a run, as a table for people and as JSON for programs.
 *
 * @param notes what was not done or not checked
 */
record Verdict(
    Options options,
    History history,
    List<Violation> violations,
    Statuses statuses,
    int kills,
    List<String> notes) {
  private static final int SHOWN = 20;

  boolean holds() {
    return violations.isEmpty();
  }

  private long lost() {
    return violations.stream().filter(each -> each.rule().equals("nothing lost")).count();
  }

  String table() {
    Tally tally = Tally.of(history);
    StringBuilder out = new StringBuilder();
    out.append(row("nodes, seed", options.nodes() + ", " + options.seed()));
    out.append(row("faults, processes killed", history.faults().size() + ", " + kills));
    out.append(row("nodes taken over", String.valueOf(history.takeovers().size())));
    out.append(row("events accepted", "%,d".formatted(tally.accepted())));
    out.append(row("deliveries arrived", "%,d".formatted(tally.arrived())));
    out.append(row("attempts refused by receivers", "%,d".formatted(tally.refused())));
    out.append(row("arrived again", "%,d (%.2f %%)".formatted(tally.repeats(), percent(tally))));
    out.append(row("arrived without a yes", "%,d events".formatted(tally.unconfirmed())));
    out.append(row("lost", String.valueOf(lost())));
    out.append(row("accepted to arrived, healthy", times(tally.latency())));
    out.append(row("last attempt after a deletion", "%.3f s".formatted(afterDeleteMicros() / 1e6)));
    out.append(row(pace().label(), String.valueOf(pace().most(history))));
    out.append(row("answers to publishers", statuses.counts().toString()));
    out.append("\nfault            times   until all accepted before had arrived\n");
    RecoveryTimes.of(history)
        .forEach(
            (kind, times) ->
                out.append(
                    "%-16s %5d   %s%n".formatted(kind, times.getTotalCount(), times(times))));
    notes.forEach(note -> out.append(note).append('\n'));
    return out.append('\n').append(ending()).toString();
  }

  private long afterDeleteMicros() {
    return new NothingAfterDelete(options.hearingOfChanges()).latestMicros(history);
  }

  private PaceKept pace() {
    return Role.pace(options.nodes());
  }

  private String ending() {
    if (holds()) {
      return "Everything held.";
    }
    StringBuilder out = new StringBuilder(violations.size() + " VIOLATIONS\n");
    violations.stream()
        .limit(SHOWN)
        .forEach(
            each ->
                out.append(
                    "  %s: %s %s %s%n"
                        .formatted(each.rule(), each.endpoint(), each.eventId(), each.detail())));
    return out.append("Logs and records are in ").append(options.work()).toString();
  }

  private static String row(String label, String value) {
    return "%-32s %s%n".formatted(label, value);
  }

  private static double percent(Tally tally) {
    return tally.arrived() == 0 ? 0 : 100.0 * tally.repeats() / tally.arrived();
  }

  private static String times(Histogram micros) {
    return "p50 %.3f s, p99 %.3f s, max %.3f s"
        .formatted(
            micros.getValueAtPercentile(50) / 1e6,
            micros.getValueAtPercentile(99) / 1e6,
            micros.getMaxValue() / 1e6);
  }

  JsonObject json() {
    Tally tally = Tally.of(history);
    JsonObject recovery = new JsonObject();
    RecoveryTimes.of(history).forEach((kind, times) -> recovery.put(kind, json(times)));
    JsonObject answers = new JsonObject();
    statuses.counts().forEach((status, count) -> answers.put(status.toString(), count.get()));
    return new JsonObject()
        .put("nodes", options.nodes())
        .put("seed", options.seed())
        .put("rate", options.rate())
        .put("faults", history.faults().size())
        .put("kills", kills)
        .put("takeovers", history.takeovers().size())
        .put("accepted", tally.accepted())
        .put("arrived", tally.arrived())
        .put("refused", tally.refused())
        .put("repeats", tally.repeats())
        .put("unconfirmed", tally.unconfirmed())
        .put("lost", lost())
        .put("lastAfterDeletionSeconds", afterDeleteMicros() / 1e6)
        .put("mostAtLimited", pace().most(history))
        .put("latency", json(tally.latency()))
        .put("recovery", recovery)
        .put("answers", answers)
        .put("notes", new JsonArray(notes))
        .put("violations", new JsonArray(violations.stream().map(Verdict::json).toList()));
  }

  private static JsonObject json(Violation violation) {
    return new JsonObject(
        Map.of(
            "rule", violation.rule(),
            "endpoint", violation.endpoint(),
            "event", violation.eventId(),
            "detail", violation.detail()));
  }

  private static JsonObject json(Histogram micros) {
    return new JsonObject()
        .put("count", micros.getTotalCount())
        .put("p50Seconds", micros.getValueAtPercentile(50) / 1e6)
        .put("p99Seconds", micros.getValueAtPercentile(99) / 1e6)
        .put("maxSeconds", micros.getMaxValue() / 1e6);
  }
}
