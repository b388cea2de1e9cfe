package dev.posthaste.dispatch;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.Contracts;
import dev.posthaste.contract.Header;
import dev.posthaste.contract.RetrySchedule;
import dev.posthaste.contract.Signer;
import dev.posthaste.dispatch.AttemptTraces.AttemptTrace;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.TraceContext;
import dev.posthaste.send.Target;
import java.util.List;
import java.util.Optional;

/**
 * An endpoint made ready for sending: its URL parsed, its keys parsed, its contract at hand. Made
 * anew when the endpoint changes.
 *
 * @param retry the endpoint's own schedule, or that of the contract
 */
record Channel(
    Endpoint endpoint,
    Tenant tenant,
    Contract contract,
    RetrySchedule retry,
    Signer signer,
    Target target) {

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
    return new Channel(
        endpoint,
        tenant,
        contract,
        schedule(endpoint, contract),
        contract.signerFor(endpoint),
        target);
  }

  /** An endpoint that says when waits in the table from the first failure on. */
  private static RetrySchedule schedule(Endpoint endpoint, Contract contract) {
    RetrySchedule common = contract.retry();
    return endpoint
        .retryDelays()
        .map(delays -> new RetrySchedule(List.of(), delays, common.jitterPercent()))
        .orElse(common);
  }

  /** Adds where an attempt stands in the trace of its event, if the endpoint wants that. */
  List<Header> traced(List<Header> headers, Optional<AttemptTrace> trace) {
    if (endpoint.traceContext() && trace.isPresent()) {
      TraceContext context = trace.get().context();
      headers.add(new Header(TraceContext.PARENT_HEADER, context.parent()));
      context.state().ifPresent(state -> headers.add(new Header(TraceContext.STATE_HEADER, state)));
    }
    return headers;
  }

  /** The registry puts another object in the place of one whenever it has changed. */
  @SuppressWarnings("ReferenceEquality")
  boolean isFor(Endpoint current, Tenant owner) {
    return endpoint == current && tenant == owner;
  }
}
