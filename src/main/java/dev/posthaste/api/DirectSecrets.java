package dev.posthaste.api;

import dev.posthaste.contract.Contracts;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.TenantSecretStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Makes the secrets of tenants, which sign deliveries to destinations that events bring. */
final class DirectSecrets {
  private final TenantSecretStore store;
  private final Contracts contracts;
  private final ApiParts parts;

  DirectSecrets(ApiParts parts) {
    this.store = parts.stores().secrets().ofTenants();
    this.contracts = parts.sending().contracts();
    this.parts = parts;
  }

  /**
   * The first secret of a tenant that has come to a contract which signs, from one which does not:
   * what such a tenant had accepted would wait for it. Empty if it has one, or needs none. The unit
   * holds the tenant.
   */
  Future<Optional<SigningSecret>> arrived(Unit unit, Tenant before, Tenant after) {
    return contracts.signs(before.contract()) || !contracts.signs(after.contract())
        ? Future.succeededFuture(Optional.empty())
        : store
            .current(unit, after.id())
            .compose(
                known ->
                    known.isPresent()
                        ? Future.succeededFuture(Optional.empty())
                        : add(unit, after, known, Duration.ZERO)
                            .map(made -> Optional.of(made.secret)));
  }

  /**
   * Puts a new secret in front of those of a tenant.
   *
   * <p>Fails with 404 if the tenant is gone.
   */
  Future<Rotated> rotate(Unit unit, Tenant tenant, Duration overlap) {
    return store
        .hold(unit, tenant.id())
        .compose(held -> held ? store.current(unit, tenant.id()) : gone(tenant))
        .compose(known -> add(unit, tenant, known, overlap));
  }

  private Future<Rotated> add(Unit unit, Tenant tenant, Optional<String> known, Duration overlap) {
    SigningAlgorithm algorithm =
        known.map(SigningAlgorithm::ofSecret).orElse(SigningAlgorithm.HMAC_SHA256);
    SigningSecret secret = new SigningSecret(SecretForm.generate(algorithm), Optional.empty());
    return store
        .rotate(unit, tenant.id(), parts.ids().next(), secret, overlap)
        .map(ends -> new Rotated(secret, ends));
  }

  private static Future<Optional<String>> gone(Tenant tenant) {
    return Future.failedFuture(
        new ProblemException(
            Problem.notFound("There is no tenant '" + tenant.uid() + "'; it was deleted.")));
  }

  /**
   * A new secret.
   *
   * @param othersEnd when the ones before it end; empty if there are none
   */
  record Rotated(SigningSecret secret, Optional<Instant> othersEnd) {}
}
