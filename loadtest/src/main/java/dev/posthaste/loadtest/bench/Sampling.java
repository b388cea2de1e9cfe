package dev.posthaste.loadtest.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Looks at what goes up and down, a few times a second, until it is stopped. */
final class Sampling {
  private static final long PAUSE_MILLIS = 250;

  private final Cluster cluster;
  private final ReceiverClient receiver;
  private final List<Double> resident = new ArrayList<>();
  private final List<Double> inFlight = new ArrayList<>();
  private final Thread thread;
  private volatile boolean stopped;

  private Sampling(Cluster cluster, ReceiverClient receiver) {
    this.cluster = cluster;
    this.receiver = receiver;
    this.thread = Thread.ofPlatform().daemon().name("sampling").start(this::sample);
  }

  static Sampling start(Bed bed) {
    return new Sampling(bed.cluster(), bed.arrivals());
  }

  private void sample() {
    try {
      while (!stopped) {
        resident.add(cluster.residentMebibytes());
        inFlight.add((double) receiver.waiting());
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      // The run ends: what was seen so far counts.
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it and tells what was seen. */
  Map<Metric, Double> stop() throws InterruptedException {
    stopped = true;
    thread.join();
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.RSS_MOST, most(resident));
    if (most(inFlight) > 0) {
      values.put(Metric.IN_FLIGHT, Result.median(numbers(inFlight)));
      values.put(Metric.IN_FLIGHT_MOST, most(inFlight));
    }
    return values;
  }

  private static double most(List<Double> samples) {
    return samples.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private static double[] numbers(List<Double> samples) {
    return samples.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
