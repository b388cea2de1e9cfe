/**
 * How endpoints fare, over all nodes, and who is told: failures are counted, endpoints that only
 * fail are disabled by their contract, and operators and tenants hear of it by events of our own.
 */
package dev.posthaste.alert;
