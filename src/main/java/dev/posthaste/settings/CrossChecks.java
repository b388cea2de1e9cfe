package dev.posthaste.settings;

import java.util.stream.Stream;

/**
 * Settings that are fine alone and wrong together. Skips those that are already known to be bad.
 */
final class CrossChecks {
  private final Values values;

  private CrossChecks(Values values) {
    this.values = values;
  }

  static void run(Settings settings, Values values) {
    CrossChecks checks = new CrossChecks(values);
    checks.http(settings.http());
    checks.ingest(settings.ingest());
    checks.delivery(settings.delivery());
    checks.fairness(settings.fairness(), settings.delivery());
    checks.breaker(settings.breaker());
    checks.direct(settings.direct(), settings.delivery());
    checks.deferred(settings.deferred(), settings.delivery());
    checks.cluster(settings.cluster());
    checks.retention(settings.retention());
    checks.attachments(settings.attachments());
    checks.stream(settings.stream());
  }

  private void http(HttpSettings http) {
    require(
        http.managementPort() == 0 || http.managementPort() != http.port(),
        "must be another port than http.port, or 0",
        "http.managementPort",
        "http.port");
  }

  private void ingest(IngestSettings ingest) {
    require(
        ingest.maxBodyBytes() >= ingest.maxPayloadBytes(),
        "must be at least ingest.maxPayload: one event must fit into a request",
        "ingest.maxBody",
        "ingest.maxPayload");
    require(
        ingest.flushMaxEvents() >= ingest.maxBatchEvents(),
        "must be at least ingest.maxBatchEvents: a batch is one commit",
        "ingest.flushMaxEvents",
        "ingest.maxBatchEvents");
    require(
        ingest.maxQueuedEvents() >= ingest.maxBatchEvents(),
        "must be at least ingest.maxBatchEvents: a batch must fit into the queue",
        "ingest.maxQueuedEvents",
        "ingest.maxBatchEvents");
    require(
        ingest.maxUnsettledEvents() >= ingest.flushMaxEvents(),
        "must be at least ingest.flushMaxEvents: what one commit brings must fit",
        "ingest.maxUnsettledEvents",
        "ingest.flushMaxEvents");
  }

  private void delivery(DeliverySettings delivery) {
    require(
        delivery.keptResponseBytes() <= delivery.maxResponseBytes(),
        "must be at most delivery.maxResponse: what is not read cannot be kept",
        "delivery.keptResponse",
        "delivery.maxResponse");
    require(
        delivery.maxInFlightPerEndpoint() <= delivery.maxInFlight(),
        "must be at most delivery.maxInFlight, the limit of the whole node",
        "delivery.maxInFlightPerEndpoint",
        "delivery.maxInFlight");
  }

  private void fairness(FairnessSettings fairness, DeliverySettings delivery) {
    require(
        fairness.maxInFlightPerTenant() <= delivery.maxInFlight(),
        "must be at most delivery.maxInFlight, the limit of the whole node",
        "fairness.maxInFlightPerTenant",
        "delivery.maxInFlight");
    require(
        fairness.maxQueuedPerTenantBytes() <= fairness.maxQueuedBytes(),
        "must be at most fairness.maxQueued, the limit of the whole node",
        "fairness.maxQueuedPerTenant",
        "fairness.maxQueued");
  }

  private void breaker(BreakerSettings breaker) {
    require(
        breaker.maxProbeInterval().compareTo(breaker.probeInterval()) >= 0,
        "must be at least breaker.probeInterval, which it grows from",
        "breaker.maxProbeInterval",
        "breaker.probeInterval");
  }

  private void direct(DirectSettings direct, DeliverySettings delivery) {
    require(
        direct.maxInFlightPerUrl() <= delivery.maxInFlight(),
        "must be at most delivery.maxInFlight, the limit of the whole node",
        "direct.maxInFlightPerUrl",
        "delivery.maxInFlight");
  }

  private void deferred(DeferredSettings deferred, DeliverySettings delivery) {
    require(
        deferred.claimHorizon().compareTo(deferred.claimInterval()) >= 0,
        "must be at least deferred.claimInterval, or retries come late",
        "deferred.claimHorizon",
        "deferred.claimInterval");
    require(
        deferred.claimPerEndpoint() <= deferred.claimBatch(),
        "must be at most deferred.claimBatch",
        "deferred.claimPerEndpoint",
        "deferred.claimBatch");
    require(
        deferred.lease().compareTo(deferred.claimHorizon().plus(delivery.maxHold())) > 0,
        "must be longer than deferred.claimHorizon and delivery.maxHold together, or another node"
            + " takes a delivery that still waits here",
        "deferred.lease",
        "deferred.claimHorizon",
        "delivery.maxHold");
  }

  private void cluster(ClusterSettings cluster) {
    require(
        cluster.lease().compareTo(cluster.heartbeat().multipliedBy(3)) >= 0,
        "must be at least three times cluster.heartbeat, or one late heartbeat counts as death",
        "cluster.lease",
        "cluster.heartbeat");
  }

  private void retention(RetentionSettings retention) {
    require(
        retention.partitionDays() <= retention.days(),
        "must be at most retention.days",
        "retention.partitionDays",
        "retention.days");
  }

  private void attachments(AttachmentSettings attachments) {
    require(
        attachments.maxPerTenantBytes() >= attachments.maxSizeBytes(),
        "must be at least attachments.maxSize: one file must fit",
        "attachments.maxPerTenant",
        "attachments.maxSize");
    require(
        attachments.maxTransfersPerTenant() <= attachments.maxTransfers(),
        "must be at most attachments.maxTransfers, the limit of the whole node",
        "attachments.maxTransfersPerTenant",
        "attachments.maxTransfers");
    require(
        attachments.chunkTimeout().compareTo(attachments.transferTimeout()) <= 0,
        "must be at most attachments.transferTimeout, which is for the whole file",
        "attachments.chunkTimeout",
        "attachments.transferTimeout");
  }

  private void stream(StreamSettings stream) {
    require(
        stream.maxConnectionsPerTenant() <= stream.maxConnections(),
        "must be at most stream.maxConnections, the limit of the whole node",
        "stream.maxConnectionsPerTenant",
        "stream.maxConnections");
    require(
        stream.idleTimeout().compareTo(stream.pingInterval().multipliedBy(2)) >= 0,
        "must be at least twice stream.pingInterval, or one late answer counts as silence",
        "stream.idleTimeout",
        "stream.pingInterval");
  }

  private void require(boolean condition, String what, String path, String... others) {
    Faults faults = values.faults();
    boolean known = faults.isBad(path) || Stream.of(others).anyMatch(faults::isBad);
    if (!condition && !known) {
      faults.add(path, values.given(path).where(), what);
    }
  }
}
