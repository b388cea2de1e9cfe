/**
 * The words of the product in plain Java: event, endpoint, delivery, attempt. No I/O, no framework;
 * every other package speaks in these.
 */
package dev.posthaste.event;
