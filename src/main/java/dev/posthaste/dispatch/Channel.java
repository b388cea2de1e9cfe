package dev.posthaste.dispatch;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.Contracts;
import dev.posthaste.contract.Signer;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Tenant;
import dev.posthaste.send.Target;

/**
 * An endpoint made ready for sending: its URL parsed, its keys parsed, its contract at hand. Made
 * anew when the endpoint changes.
 */
record Channel(Endpoint endpoint, Tenant tenant, Contract contract, Signer signer, Target target) {

  /**
   * Makes it.
   *
   * @throws IllegalArgumentException if the endpoint cannot be sent to as it stands: its URL may
   *     not be used (any more), its contract is gone, or its secret does not fit
   */
  static Channel open(Endpoint endpoint, Tenant tenant, Contracts contracts, boolean httpAllowed) {
    String name = endpoint.contract().orElse(tenant.contract());
    Contract contract =
        contracts
            .named(name)
            .orElseThrow(
                () -> new IllegalArgumentException("the contract '" + name + "' is not loaded"));
    Target target =
        switch (Target.parse(endpoint.url(), httpAllowed)) {
          case Target.Parsed.Good good -> good.target();
          case Target.Parsed.Bad bad -> throw new IllegalArgumentException(bad.fault());
        };
    return new Channel(endpoint, tenant, contract, contract.signerFor(endpoint), target);
  }

  /** The registry puts another object in the place of an endpoint whenever it has changed. */
  @SuppressWarnings("ReferenceEquality")
  boolean isFor(Endpoint current) {
    return endpoint == current;
  }
}
