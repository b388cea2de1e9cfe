package dev.posthaste.api;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.Contracts;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Which secret an endpoint gets: the one that the request brings, or one made by the algorithm that
 * it names; and whether the endpoint's contract can sign with it.
 */
final class SecretRules {
  private static final String SECRET = "secret";
  private static final String ALGORITHM = "signingAlgorithm";

  private final Contracts contracts;

  SecretRules(Contracts contracts) {
    this.contracts = contracts;
  }

  /** What is wrong with the fields by themselves; never quotes the secret. */
  static Optional<Fault> fault(JsonObject body) {
    String secret = body.getString(SECRET);
    if (secret == null) {
      return Optional.empty();
    }
    Optional<String> form = SecretForm.fault(secret);
    if (form.isPresent()) {
      return form.map(fault -> new Fault("/" + SECRET, fault));
    }
    return named(body)
        .filter(named -> named != SigningAlgorithm.ofSecret(secret))
        .map(
            named ->
                new Fault(
                    "/" + ALGORITHM,
                    "is not that of the secret, which begins with "
                        + SigningAlgorithm.ofSecret(secret).prefix()));
  }

  /**
   * The secret to use from now on.
   *
   * @param otherwise the algorithm, if the request says nothing
   * @throws ProblemException 422 if the endpoint's contract cannot sign with it
   */
  SigningSecret next(
      JsonObject body, Endpoint endpoint, Tenant tenant, SigningAlgorithm otherwise) {
    String given = body.getString(SECRET);
    String text = given == null ? SecretForm.generate(named(body).orElse(otherwise)) : given;
    contract(endpoint, tenant)
        .flatMap(contract -> contract.faultOf(text))
        .ifPresent(fault -> refuse(given == null ? ALGORITHM : SECRET, fault, endpoint, tenant));
    return new SigningSecret(text, Optional.empty());
  }

  /**
   * Checks that the contract of a changed endpoint can sign with the secrets that it has.
   *
   * @throws ProblemException 422
   */
  void check(Endpoint endpoint, Tenant tenant) {
    contract(endpoint, tenant)
        .ifPresent(
            contract -> {
              try {
                contract.signerFor(endpoint);
              } catch (IllegalArgumentException e) {
                refuse("contract", e.getMessage(), endpoint, tenant);
              }
            });
  }

  private static Optional<SigningAlgorithm> named(JsonObject body) {
    return Optional.ofNullable(body.getString(ALGORITHM)).map(SigningAlgorithm::of);
  }

  private Optional<Contract> contract(Endpoint endpoint, Tenant tenant) {
    return contracts.named(endpoint.contract().orElse(tenant.contract()));
  }

  private static void refuse(String field, String fault, Endpoint endpoint, Tenant tenant) {
    String contract = endpoint.contract().orElse(tenant.contract());
    throw new ProblemException(
        Problem.invalid(
            List.of(
                new Fault(
                    "/" + field,
                    "does not go with the contract '%s': %s".formatted(contract, fault)))));
  }
}
