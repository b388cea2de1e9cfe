/**
 * The crash checker: several nodes of the packaged server on one PostgreSQL, a publisher that
 * remembers each yes, receivers that remember each arrival, and a nemesis that breaks things.
 */
package dev.posthaste.loadtest.torture;
