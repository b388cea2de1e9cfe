package dev.posthaste.alert;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.Contracts;
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
}
