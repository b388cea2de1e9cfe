package dev.posthaste.telemetry;

import dev.posthaste.dispatch.DispatchObserver.Load;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;

/** What all dispatchers of the node hold together, as each has told last. */
final class LoadMeters {
  private final List<DispatchMeters> loops = new CopyOnWriteArrayList<>();

  LoadMeters(Meters meters) {
    meters.gauge("lanes", "Lanes in memory, idle ones too.", () -> sum(Load::lanes));
    meters.gauge("lanes.waiting", "Deliveries that wait in lanes.", () -> sum(Load::waiting));
    meters.measure(
        "lanes.waiting.payload",
        "bytes",
        "Payload of the deliveries that wait in lanes.",
        () -> sum(Load::waitingBytes));
    meters.measure(
        "lanes.oldest.wait",
        "seconds",
        "How long the delivery has waited that waits longest in a lane.",
        () -> oldestMillis() / 1_000.0);
    meters.gauge("attempts.in.flight", "Attempts under way.", () -> sum(Load::inFlight));
    meters.gauge(
        "breakers.open",
        "Endpoints that only get a probe now and then.",
        () -> sum(Load::openBreakers));
    meters.gauge(
        "outcomes.waiting",
        "Outcomes that are not committed yet.",
        () -> loops.stream().mapToLong(DispatchMeters::bufferedOutcomes).sum());
  }

  /**
   * A node that has lost its lease begins anew, with as many dispatchers: those before are gone.
   */
  synchronized DispatchMeters add(DispatchMeters loop, int ofLoops) {
    loops.add(loop);
    while (loops.size() > ofLoops) {
      loops.removeFirst();
    }
    return loop;
  }

  private long sum(ToLongFunction<Load> value) {
    return loops.stream().map(DispatchMeters::load).mapToLong(value).sum();
  }

  private long oldestMillis() {
    return loops.stream().mapToLong(loop -> loop.load().oldestWaitingMillis()).max().orElse(0);
  }
}
