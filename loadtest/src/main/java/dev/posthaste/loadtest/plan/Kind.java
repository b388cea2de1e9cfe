package dev.posthaste.loadtest.plan;

/**
 * A sort of event: whose it is and where it goes.
 *
 * @param key of the tenant that posts it
 * @param weight how often, beside the others
 * @param healthy whether it goes to an endpoint that answers at once
 */
public record Kind(String type, String key, double weight, boolean healthy) {}
