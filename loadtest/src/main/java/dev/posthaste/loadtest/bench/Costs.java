package dev.posthaste.loadtest.bench;

import java.util.EnumMap;
import java.util.Map;

/** What the processes spent between two snapshots. */
record Costs(Snapshot before, Snapshot after) {

  Map<Metric, Double> perEvent(double events) {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.SERVER_CPU, (after.serverCpu() - before.serverCpu()) / events);
    values.put(Metric.POSTGRES_CPU, (after.postgresCpu() - before.postgresCpu()) / events);
    values.put(Metric.RECEIVER_CPU, (after.receiverCpu() - before.receiverCpu()) / events);
    values.put(Metric.GENERATOR_CPU, (after.generatorCpu() - before.generatorCpu()) / events);
    values.put(Metric.WAL, (after.walBytes() - before.walBytes()) / events);
    values.put(Metric.COMMITS, 1_000 * (after.commits() - before.commits()) / events);
    return values;
  }

  /** How busy the machine was, and how much of it with processes that are not ours. */
  Map<Metric, Double> load(int cores) {
    double available = (double) (after.atMicros() - before.atMicros()) * cores;
    double idle = after.idle() - before.idle();
    double ours = after.cpu() - before.cpu();
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.MACHINE_BUSY, 100 * (1 - idle / available));
    values.put(Metric.OTHERS, 100 * Math.max(0, 1 - (idle + ours) / available));
    return values;
  }

  Spread.Window window() {
    return new Spread.Window(before.atMicros(), after.atMicros());
  }
}
