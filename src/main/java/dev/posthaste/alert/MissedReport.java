package dev.posthaste.alert;

import dev.posthaste.contract.MissedPolicy;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.HealthStore;
import io.vertx.core.Future;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes down what disabled endpoints have missed, where their contract lets it be recovered. One
 * per node.
 */
final class MissedReport {
  private final HealthStore store;
  private final Registry registry;
  private final ContractOf contractOf;

  MissedReport(HealthStore store, Registry registry, ContractOf contractOf) {
    this.store = store;
    this.registry = registry;
    this.contractOf = contractOf;
  }

  Future<Void> round() {
    Map<Long, Long> counts = new TreeMap<>(registry.missed().take());
    counts.keySet().removeIf(endpointId -> !isRecoverable(endpointId));
    return counts.isEmpty()
        ? Future.succeededFuture()
        : store.addMissed(counts).onFailure(e -> registry.missed().giveBack(counts));
  }

  private boolean isRecoverable(long endpointId) {
    return registry
        .endpoint(endpointId)
        .flatMap(contractOf::endpoint)
        .filter(contract -> contract.whileDisabled() == MissedPolicy.RECOVERABLE)
        .isPresent();
  }
}
