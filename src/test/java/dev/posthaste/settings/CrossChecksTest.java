package dev.posthaste.settings;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrossChecksTest {
  @ParameterizedTest
  @CsvSource({
    "HTTP_MANAGEMENT_PORT, 8080, http.port",
    "INGEST_MAX_BODY, 128KiB, ingest.maxPayload",
    "INGEST_FLUSH_MAX_EVENTS, 999, ingest.maxBatchEvents",
    "INGEST_MAX_QUEUED_EVENTS, 999, ingest.maxBatchEvents",
    "INGEST_MAX_UNSETTLED_EVENTS, 1999, ingest.flushMaxEvents",
    "DELIVERY_KEPT_RESPONSE, 65KiB, delivery.maxResponse",
    "DELIVERY_MAX_IN_FLIGHT_PER_ENDPOINT, 5000, delivery.maxInFlight",
    "FAIRNESS_MAX_IN_FLIGHT_PER_TENANT, 5000, delivery.maxInFlight",
    "FAIRNESS_MAX_QUEUED_PER_TENANT, 129MiB, fairness.maxQueued",
    "BREAKER_MAX_PROBE_INTERVAL, 999ms, breaker.probeInterval",
    "DEFERRED_CLAIM_HORIZON, 499ms, deferred.claimInterval",
    "DEFERRED_CLAIM_PER_ENDPOINT, 2001, deferred.claimBatch",
    "DEFERRED_LEASE, 12s, delivery.maxHold",
    "CLUSTER_LEASE, 5s, cluster.heartbeat",
    "RETENTION_PARTITION_DAYS, 31, retention.days",
    "ATTACHMENTS_MAX_PER_TENANT, 24MiB, attachments.maxSize",
    "ATTACHMENTS_MAX_TRANSFERS_PER_TENANT, 33, attachments.maxTransfers",
    "ATTACHMENTS_CHUNK_TIMEOUT, 11m, attachments.transferTimeout",
    "STREAM_MAX_CONNECTIONS_PER_TENANT, 1001, stream.maxConnections",
    "STREAM_IDLE_TIMEOUT, 39s, stream.pingInterval"
  })
  void settingsThatContradictEachOtherAreRefused(String name, String value, String other) {
    Map<String, String> environment = Map.of("POSTHASTE_" + name, value);
    assertThatThrownBy(() -> SettingsReader.read(Optional.empty(), environment))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("1 setting is wrong:\n  POSTHASTE_" + name + ": must be")
        .hasMessageContaining(other);
  }
}
