package dev.posthaste.loadtest.bench;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What the generator sends.
 *
 * @param connections it sends over
 * @param rate events a second; 0 for as fast as it goes
 * @param batch events in one request
 * @param weights how much of it each endpoint gets, with the endpoint number 0 first; empty if they
 *     take turns
 */
record Load(int connections, double rate, int batch, List<Double> weights) {

  static Load fast(int connections) {
    return new Load(connections, 0, 1, List.of());
  }

  static Load steady(double rate) {
    return new Load(64, rate, 1, List.of());
  }

  static Load batches(int connections, int batch) {
    return new Load(connections, 0, batch, List.of());
  }

  /** The first gets most, the second half of that, the third a third of it, and so on. */
  static Load zipf(int connections, int endpoints) {
    List<Double> weights =
        IntStream.rangeClosed(1, endpoints).mapToObj(rank -> 1.0 / rank).toList();
    return new Load(connections, 0, 1, weights);
  }

  /** The same, but one endpoint gets more: what is sent to the others stays as it was. */
  Load flooding(int endpoint, int times, int endpoints) {
    List<Double> shares =
        IntStream.range(0, endpoints).mapToObj(i -> i == endpoint ? (double) times : 1.0).toList();
    double sum = shares.stream().mapToDouble(Double::doubleValue).sum();
    return new Load(connections, rate * sum / endpoints, batch, shares);
  }

  Load over(int other) {
    return new Load(other, rate, batch, weights);
  }
}
