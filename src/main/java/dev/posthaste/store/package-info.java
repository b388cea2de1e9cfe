/** PostgreSQL: the event and attempt logs, the deferred table, the registry's rows, node leases. */
package dev.posthaste.store;
