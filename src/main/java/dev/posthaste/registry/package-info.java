/** The picture in memory of tenants, keys, endpoints and event types that every request needs. */
package dev.posthaste.registry;
