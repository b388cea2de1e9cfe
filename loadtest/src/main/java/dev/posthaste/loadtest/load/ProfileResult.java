package dev.posthaste.loadtest.load;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What came of a profile.
 *
 * @param reconciliation over all legs, those included that do not count
 * @param whyVoid why it says nothing, if so
 * @param assertions whether Gatling's hold
 * @param reports Gatling's
 * @param others share of the machine that went to other processes, 0 to 1
 */
record ProfileResult(
    List<LegResult> legs,
    Reconciliation reconciliation,
    Optional<String> whyVoid,
    boolean assertions,
    List<Path> reports,
    OptionalDouble others,
    Optional<Knee> knee) {

  static ProfileResult of(InjectorRun.Finished run, Bounds bounds) {
    List<LegResult> legs = LegCount.of(run.records(), bounds);
    return new ProfileResult(
        legs,
        Reconciliation.of(run.records()),
        bounds.whyVoid(legs),
        run.assertions(),
        run.report().stream().toList(),
        run.others(),
        Optional.empty());
  }

  /** This one and a later one. */
  ProfileResult and(ProfileResult later) {
    List<LegResult> both = new ArrayList<>(legs);
    both.addAll(later.legs);
    List<Path> allReports = new ArrayList<>(reports);
    allReports.addAll(later.reports);
    return new ProfileResult(
        both,
        reconciliation.and(later.reconciliation),
        whyVoid.or(() -> later.whyVoid),
        assertions && later.assertions,
        allReports,
        others.isEmpty() || later.others.isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(Math.max(others.getAsDouble(), later.others.getAsDouble())),
        knee.or(() -> later.knee));
  }

  /** The same as a search: that its last step fails does not make it void. */
  ProfileResult withKnee(Knee found, Optional<String> reason) {
    return new ProfileResult(
        legs, reconciliation, reason, assertions, reports, others, Optional.of(found));
  }

  boolean hasLost() {
    return !reconciliation.lost().isEmpty();
  }

  /** Without what is the same for all results of a call. */
  JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("void", whyVoid.orElse(null))
            .put("assertions", assertions)
            .mergeIn(reconciliation.json())
            .put("legs", new JsonArray(legs.stream().map(LegResult::json).toList()))
            .put("reports", new JsonArray(reports.stream().map(Path::toString).toList()));
    others.ifPresent(share -> json.put("takenByOthers", share));
    knee.ifPresent(found -> json.put("knee", found.rate()).put("kneeEnd", found.end()));
    return json;
  }
}
