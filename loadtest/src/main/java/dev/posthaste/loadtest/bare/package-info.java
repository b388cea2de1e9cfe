/**
 * The least that a durable dispatcher can do, to measure against: a ratio depends less on the
 * machine, and on its hour, than what is measured.
 */
package dev.posthaste.loadtest.bare;
