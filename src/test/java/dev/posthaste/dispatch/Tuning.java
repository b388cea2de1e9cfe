package dev.posthaste.dispatch;

import dev.posthaste.settings.DeferredSettings;
import dev.posthaste.settings.FairnessSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a test sets of a {@link DispatchRig}; the rest is generous. Never changed once it is made.
 */
final class Tuning {
  private static final FairnessSettings FAIR =
      new FairnessSettings(
          1_000, Duration.ofSeconds(1), 50, 50, 25, 20, 128 * 1024 * 1024, 32 * 1024 * 1024);

  private boolean claims = true;
  private int laneQueue = 1_000;
  private int perEndpoint = 16;
  private Duration maxHold = Duration.ofSeconds(30);
  private Duration grace = Duration.ofSeconds(10);
  private int inFlight = 1_000;
  private Duration lease = Duration.ofMinutes(1);
  private Duration laneIdle = Duration.ofMinutes(5);
  private Duration claimInterval = Duration.ofMillis(100);
  private FairnessSettings fairness = FAIR;

  static final Tuning PLAIN = new Tuning();

  private Tuning() {}

  private Tuning with(Consumer<Tuning> change) {
    Tuning copy = new Tuning();
    copy.claims = claims;
    copy.laneQueue = laneQueue;
    copy.perEndpoint = perEndpoint;
    copy.maxHold = maxHold;
    copy.grace = grace;
    copy.inFlight = inFlight;
    copy.lease = lease;
    copy.laneIdle = laneIdle;
    copy.claimInterval = claimInterval;
    copy.fairness = fairness;
    change.accept(copy);
    return copy;
  }

  Tuning withoutClaims() {
    return with(copy -> copy.claims = false);
  }

  Tuning lane(int queue, int most) {
    return with(
        copy -> {
          copy.laneQueue = queue;
          copy.perEndpoint = most;
        });
  }

  Tuning hold(Duration most) {
    return with(copy -> copy.maxHold = most);
  }

  Tuning grace(Duration most) {
    return with(copy -> copy.grace = most);
  }

  Tuning inFlight(int most) {
    return with(copy -> copy.inFlight = most);
  }

  Tuning lease(Duration ofRows) {
    return with(copy -> copy.lease = ofRows);
  }

  Tuning laneIdle(Duration most) {
    return with(copy -> copy.laneIdle = most);
  }

  /** The pause between two looks; a look takes what is due within it. */
  Tuning claimInterval(Duration pause) {
    return with(copy -> copy.claimInterval = pause);
  }

  Tuning fair(FairnessSettings rules) {
    return with(copy -> copy.fairness = rules);
  }

  boolean claims() {
    return claims;
  }

  int laneQueue() {
    return laneQueue;
  }

  int perEndpoint() {
    return perEndpoint;
  }

  Duration maxHold() {
    return maxHold;
  }

  Duration grace() {
    return grace;
  }

  int inFlight() {
    return inFlight;
  }

  Duration lease() {
    return lease;
  }

  Duration laneIdle() {
    return laneIdle;
  }

  FairnessSettings fairness() {
    return fairness;
  }

  DeferredSettings deferred() {
    Duration horizon = Collections.max(List.of(claimInterval, Duration.ofSeconds(1)));
    return new DeferredSettings(claimInterval, horizon, 500, 50, 1_000, lease, 20);
  }
}
