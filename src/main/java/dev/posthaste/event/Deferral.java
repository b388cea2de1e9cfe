package dev.posthaste.event;

import java.time.Duration;

/**
 * A delivery that is put off.
 *
 * @param attempts made so far
 * @param delay from now, by the clock of the database
 * @param trigger why the next attempt will be made
 */
public record Deferral(
    DeliveryId delivery, int attempts, Duration delay, Attempt.Trigger trigger) {}
