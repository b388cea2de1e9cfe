package dev.posthaste.event;

/**
 * Names one order: the deliveries of an endpoint that go one after the other.
 *
 * @param value what they have in common; empty for those of an endpoint that wants all of its
 *     deliveries in one order, and for events without a value
 */
public record OrderKey(long endpointId, String value) {}
