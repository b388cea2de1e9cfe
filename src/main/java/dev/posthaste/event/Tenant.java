package dev.posthaste.event;

import java.util.Optional;

/**
 * Whose events these are: one customer of the operator.
 *
 * @param uid the operator's own name for it, unique in the account
 * @param contract the name of the contract its deliveries follow
 * @param catalog the name of the catalog its event types must be in; without one any type goes
 * @param orgId shown in envelopes that carry it
 * @param envId shown in envelopes that carry it
 */
public record Tenant(
    long id,
    String uid,
    String name,
    String contract,
    Optional<String> catalog,
    Optional<String> orgId,
    Optional<String> envId) {}
