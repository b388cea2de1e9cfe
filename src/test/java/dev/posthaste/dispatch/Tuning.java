package dev.posthaste.dispatch;

import dev.posthaste.settings.DeferredSettings;
import dev.posthaste.settings.FairnessSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** What a test sets of a {@link DispatchRig}; the rest is generous. */
record Tuning(
    boolean claims,
    int laneQueue,
    int perEndpoint,
    Duration maxHold,
    Duration grace,
    int inFlight,
    Duration lease,
    Duration laneIdle,
    Duration claimInterval,
    FairnessSettings fairness) {
  private static final FairnessSettings FAIR =
      new FairnessSettings(
          1_000, Duration.ofSeconds(1), 50, 50, 25, 20, 128 * 1024 * 1024, 32 * 1024 * 1024);
  static final Tuning PLAIN =
      new Tuning(
          true,
          1_000,
          16,
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          1_000,
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMillis(100),
          FAIR);

  Tuning withoutClaims() {
    return new Tuning(
        false,
        laneQueue,
        perEndpoint,
        maxHold,
        grace,
        inFlight,
        lease,
        laneIdle,
        claimInterval,
        fairness);
  }

  Tuning lane(int queue, int most) {
    return new Tuning(
        claims, queue, most, maxHold, grace, inFlight, lease, laneIdle, claimInterval, fairness);
  }

  Tuning hold(Duration most) {
    return new Tuning(
        claims,
        laneQueue,
        perEndpoint,
        most,
        grace,
        inFlight,
        lease,
        laneIdle,
        claimInterval,
        fairness);
  }

  Tuning grace(Duration most) {
    return new Tuning(
        claims,
        laneQueue,
        perEndpoint,
        maxHold,
        most,
        inFlight,
        lease,
        laneIdle,
        claimInterval,
        fairness);
  }

  Tuning inFlight(int most) {
    return new Tuning(
        claims,
        laneQueue,
        perEndpoint,
        maxHold,
        grace,
        most,
        lease,
        laneIdle,
        claimInterval,
        fairness);
  }

  Tuning lease(Duration ofRows) {
    return new Tuning(
        claims,
        laneQueue,
        perEndpoint,
        maxHold,
        grace,
        inFlight,
        ofRows,
        laneIdle,
        claimInterval,
        fairness);
  }

  Tuning laneIdle(Duration most) {
    return new Tuning(
        claims,
        laneQueue,
        perEndpoint,
        maxHold,
        grace,
        inFlight,
        lease,
        most,
        claimInterval,
        fairness);
  }

  /** The pause between two looks; a look takes what is due within it. */
  Tuning claimInterval(Duration pause) {
    return new Tuning(
        claims, laneQueue, perEndpoint, maxHold, grace, inFlight, lease, laneIdle, pause, fairness);
  }

  DeferredSettings deferred() {
    Duration horizon = Collections.max(List.of(claimInterval, Duration.ofSeconds(1)));
    return new DeferredSettings(claimInterval, horizon, 500, 50, 1_000, lease, 20);
  }

  Tuning fair(FairnessSettings rules) {
    return new Tuning(
        claims,
        laneQueue,
        perEndpoint,
        maxHold,
        grace,
        inFlight,
        lease,
        laneIdle,
        claimInterval,
        rules);
  }
}
