package dev.posthaste.loadtest.generator;

import io.vertx.core.buffer.Buffer;

/**
 * A request of which the ledger knows.
 *
 * @param first number of its events
 */
record Post(EventTemplate template, int first, long intendedMicros) {
  int events() {
    return template.events();
  }

  /** The same each time it is sent. */
  Buffer request() {
    return template.fill(first, intendedMicros);
  }
}
