package dev.posthaste.loadtest.torture.check;

/**
 * One event that the server said yes to. Times are microseconds of the run's clock.
 *
 * @param number the publisher's
 * @param sentMicros when it was first sent
 * @param acceptedMicros when the first yes came
 * @param caseId what keyed order goes by
 */
public record Acceptance(
    int number,
    String eventType,
    String eventId,
    String caseId,
    long sentMicros,
    long acceptedMicros) {}
