package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.number;

/**
 * The management routes.
 *
 * @param requestsPerSecond of one key on this node; 0 = no limit
 */
public record ApiSettings(int requestsPerSecond) {
  static ApiSettings from(Section in) {
    return new ApiSettings(in.one("requestsPerSecond", number(0, 1_000_000)));
  }
}
