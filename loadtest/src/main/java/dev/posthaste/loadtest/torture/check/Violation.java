package dev.posthaste.loadtest.torture.check;

/**
 * Something that must not be.
 *
 * @param rule the check that found it
 * @param endpoint its name in the run; empty if it is not about one
 * @param eventId empty if it is not about one
 */
public record Violation(String rule, String endpoint, String eventId, String detail) {}
