/**
 * The export of spans: one for each accepted event, and one for each attempt, linked to it. The
 * only package that knows OpenTelemetry; nothing of it is loaded while the export is off.
 */
package dev.posthaste.tracing;
