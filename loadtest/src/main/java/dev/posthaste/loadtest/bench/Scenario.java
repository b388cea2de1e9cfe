package dev.posthaste.loadtest.bench;

import java.util.Locale;
import java.util.Optional;

/** A fixed mix of load and receivers, at fan-out 1: each endpoint has an event type of its own. */
enum Scenario {
  MAX("10 endpoints, as fast as it goes", 10, "/ok", 256, 0, 1),
  STEADY("10 endpoints, 3,000 events/s", 10, "/ok", 64, 3_000, 1),
  SLOW("250 hosts that answer after 100 ms, as fast as it goes", 250, "/delay/100", 256, 0, 1),
  BATCH("10 endpoints, batches of 100, as fast as it goes", 10, "/ok", 8, 0, 100);

  private final String title;
  private final int endpoints;
  private final String path;
  private final int connections;
  private final int rate;
  private final int batch;

  Scenario(String title, int endpoints, String path, int connections, int rate, int batch) {
    this.title = title;
    this.endpoints = endpoints;
    this.path = path;
    this.connections = connections;
    this.rate = rate;
    this.batch = batch;
  }

  String title() {
    return title;
  }

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  int endpoints() {
    return endpoints;
  }

  /** Each endpoint has a loopback address of its own, so that it is a host of its own. */
  String url(int endpoint, int port) {
    return "http://127.0.%d.%d:%d%s/%d"
        .formatted(endpoint / 250, endpoint % 250 + 1, port, path, endpoint);
  }

  /** For the generator. */
  String[] load(Optional<Integer> otherConnections) {
    return new String[] {
      "--types", String.valueOf(endpoints),
      "--connections", String.valueOf(otherConnections.orElse(connections)),
      "--rate", String.valueOf(rate),
      "--batch", String.valueOf(batch)
    };
  }
}
