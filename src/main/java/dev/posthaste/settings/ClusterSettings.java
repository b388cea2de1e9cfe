package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.duration;

import java.time.Duration;

/**
 * Living together with other nodes.
 *
 * @param heartbeat pause between two signs of life
 * @param lease silence after which a node is dead, at least three heartbeats
 * @param feedInterval pause between two reports of what is committed
 */
public record ClusterSettings(Duration heartbeat, Duration lease, Duration feedInterval) {
  static ClusterSettings from(Section in) {
    return new ClusterSettings(
        in.one("heartbeat", duration("100ms", "1m")),
        in.one("lease", duration("300ms", "10m")),
        in.one("feedInterval", duration("50ms", "10s")));
  }
}
