/**
 * The way out: lanes drain into signed POSTs, outcomes into the log, failures into the deferred
 * table.
 */
package dev.posthaste.dispatch;
