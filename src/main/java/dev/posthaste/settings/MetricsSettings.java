package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.flag;

import java.time.Duration;

/**
 * What is measured beyond the usual.
 *
 * @param perTenant whether events and attempts are also counted by tenant
 * @param http whether Vert.x measures each request, served and sent
 * @param backlogInterval pause between two looks at what waits in the cluster
 */
public record MetricsSettings(boolean perTenant, boolean http, Duration backlogInterval) {
  static MetricsSettings from(Section in) {
    return new MetricsSettings(
        in.one("perTenant", flag()),
        in.one("http", flag()),
        in.one("backlogInterval", duration("1s", "1h")));
  }
}
