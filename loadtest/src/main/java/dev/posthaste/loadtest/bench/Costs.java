package dev.posthaste.loadtest.bench;

import java.util.EnumMap;
import java.util.Map;

/**
 * What the processes spent between two snapshots.
 *
 * @param nodes how many servers there were
 */
record Costs(Snapshot before, Snapshot after, int nodes) {

  Map<Metric, Double> perEvent(double events) {
    Usage server = after.server().minus(before.server());
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.SERVER_CPU, server.cpuMicros() / events);
    values.put(Metric.POSTGRES_CPU, (after.postgresCpu() - before.postgresCpu()) / events);
    values.put(Metric.RECEIVER_CPU, (after.receiverCpu() - before.receiverCpu()) / events);
    values.put(Metric.GENERATOR_CPU, (after.generatorCpu() - before.generatorCpu()) / events);
    values.put(Metric.WAL, (after.walBytes() - before.walBytes()) / events);
    values.put(Metric.COMMITS, 1_000 * (after.commits() - before.commits()) / events);
    values.put(Metric.ALLOCATED, server.allocatedBytes() / events);
    values.putAll(handshakes(events));
    return values;
  }

  private Map<Metric, Double> handshakes(double events) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    double made = after.handshakes().all() - before.handshakes().all();
    if (made > 0) {
      values.put(Metric.HANDSHAKES, made / events);
      double resumed = after.handshakes().resumed() - before.handshakes().resumed();
      values.put(Metric.RESUMED, 100 * resumed / made);
    }
    return values;
  }

  /** How busy the machine was, and how much of it with processes that are not ours. */
  Map<Metric, Double> load(int cores) {
    double micros = after.atMicros() - before.atMicros();
    double available = micros * cores;
    double idle = after.idle() - before.idle();
    double ours = after.cpu() - before.cpu();
    double stopped = 1_000.0 * after.server().minus(before.server()).gcMillis() / nodes;
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.MACHINE_BUSY, 100 * (1 - idle / available));
    values.put(Metric.OTHERS, 100 * Math.max(0, 1 - (idle + ours) / available));
    values.put(Metric.GC_SHARE, 100 * stopped / micros);
    return values;
  }

  Spread.Window window() {
    return new Spread.Window(before.atMicros(), after.atMicros());
  }
}
