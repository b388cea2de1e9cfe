package dev.posthaste.event;

import java.util.Map;
import java.util.Optional;

/**
 * Whose events these are: one customer of the operator.
 *
 * @param uid the operator's own name for it, unique in the account
 * @param contract the name of the contract its deliveries follow
 * @param catalog the name of the catalog its event types must be in; without one any type goes
 * @param orgId shown in envelopes that carry it
 * @param envId shown in envelopes that carry it
 * @param validation what becomes of events that the catalog does not allow
 * @param metadata the operator's own notes
 */
public record Tenant(
    long id,
    String uid,
    String name,
    String contract,
    Optional<String> catalog,
    Optional<String> orgId,
    Optional<String> envId,
    Validation validation,
    Map<String, String> metadata) {
  public Tenant {
    metadata = Map.copyOf(metadata);
  }

  /** Without notes; what its catalog does not allow is rejected. */
  public Tenant(
      long id,
      String uid,
      String name,
      String contract,
      Optional<String> catalog,
      Optional<String> orgId,
      Optional<String> envId) {
    this(id, uid, name, contract, catalog, orgId, envId, Validation.REJECT, Map.of());
  }
}
