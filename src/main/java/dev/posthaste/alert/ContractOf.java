package dev.posthaste.alert;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.Contracts;
import dev.posthaste.contract.MissedPolicy;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Tenant;
import dev.posthaste.registry.Registry;
import java.util.Optional;

/** Which contract an endpoint follows: its own, or its tenant's. For any event loop. */
record ContractOf(Registry registry, Contracts contracts) {
  /** Empty if its tenant or the contract is gone. */
  Optional<Contract> endpoint(Endpoint endpoint) {
    return endpoint
        .contract()
        .or(() -> registry.tenant(endpoint.tenantId()).map(Tenant::contract))
        .flatMap(contracts::named);
  }

  /** What becomes of what it misses while it is disabled; kept, where that is not known. */
  MissedPolicy whileDisabled(Endpoint endpoint) {
    return endpoint(endpoint).map(Contract::whileDisabled).orElse(MissedPolicy.RECOVERABLE);
  }
}
