/**
 * Metrics of the delivery path. The only package that knows Micrometer: the others tell observers
 * of their own, which are made here. What a number costs on the hot path stands at {@link
 * dev.posthaste.telemetry.AttemptMeters}.
 */
package dev.posthaste.telemetry;
