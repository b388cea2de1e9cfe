package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.ServerProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What every node is set to: all waits short, so that a minute holds many deaths; but leases as in
 * production where nobody is killed, so that a busy machine is not taken for a dead node.
 */
final class NodeSettings {
  private NodeSettings() {}

  static Map<String, String> of(Path contracts, String encryptionKey, boolean longLeases) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "POSTHASTE_CLUSTER_HEARTBEAT", longLeases ? "1s" : "200ms",
                "POSTHASTE_CLUSTER_LEASE", longLeases ? "20s" : "2s",
                "POSTHASTE_REGISTRY_POLL_INTERVAL", "1s",
                "POSTHASTE_DELIVERY_MAX_HOLD", "2s",
                "POSTHASTE_DELIVERY_DRAIN_GRACE", "5s",
                "POSTHASTE_DEFERRED_CLAIM_INTERVAL", "100ms",
                "POSTHASTE_DEFERRED_CLAIM_HORIZON", "1s",
                "POSTHASTE_DEFERRED_LEASE", longLeases ? "60s" : "5s",
                "POSTHASTE_DATABASE_CONNECT_TIMEOUT", "2s",
                "POSTHASTE_DATABASE_STATEMENT_TIMEOUT", "5s"));
    // The broken endpoint's deliveries are to come to their end within the run.
    settings.put("POSTHASTE_BREAKER_PROBE_INTERVAL", "50ms");
    settings.put("POSTHASTE_BREAKER_MAX_PROBE_INTERVAL", "50ms");
    settings.put("POSTHASTE_OPERATOR_KEY", ServerProcess.KEY);
    settings.put("POSTHASTE_ENCRYPTION_KEYS", encryptionKey);
    settings.put("POSTHASTE_CONTRACTS_DIR", contracts.toAbsolutePath().toString());
    settings.put("POSTHASTE_TARGETS_ALLOW", "127.0.0.0/8");
    settings.put("POSTHASTE_TARGETS_HTTP", "true");
    return settings;
  }
}
