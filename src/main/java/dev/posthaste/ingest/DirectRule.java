package dev.posthaste.ingest;

import dev.posthaste.contract.Contracts;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether an event may bring the destination that it brings. Only for good messages: the check that
 * counts is made when it is connected to. For any event loop.
 */
final class DirectRule {
  private static final String FIELD = "/" + EventFields.DIRECT_URL;

  private final Registry registry;
  private final Contracts contracts;
  private final Function<String, Optional<String>> urlFault;

  /**
   * @param urlFault what is wrong with a URL, in words for whoever wrote it
   */
  DirectRule(Registry registry, Contracts contracts, Function<String, Optional<String>> urlFault) {
    this.registry = registry;
    this.contracts = contracts;
    this.urlFault = urlFault;
  }

  /**
   * Nothing, if it may.
   *
   * @throws ProblemException 422 for a URL that cannot be used, or if nothing could sign
   */
  void require(Tenant tenant, String url) {
    urlFault
        .apply(url)
        .ifPresent(
            fault -> {
              throw refused(fault);
            });
    if (contracts.signs(tenant.contract()) && registry.directSecrets(tenant.id()).isEmpty()) {
      throw refused(
          "needs a secret first: the contract '"
              + tenant.contract()
              + "' signs. POST /webhooks/v1/direct_secret/rotate makes one for the tenant");
    }
  }

  private static ProblemException refused(String fault) {
    return new ProblemException(Problem.invalid(List.of(new Problem.Fault(FIELD, fault))));
  }
}
