package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.duration;

import java.time.Duration;

/**
 * The picture of endpoints and keys in memory.
 *
 * @param pollInterval the floor below the change notifications
 */
public record RegistrySettings(Duration pollInterval) {
  static RegistrySettings from(Section in) {
    return new RegistrySettings(in.one("pollInterval", duration("100ms", "10m")));
  }
}
