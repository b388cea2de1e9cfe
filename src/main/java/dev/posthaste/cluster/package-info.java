/** What makes several nodes one system: leases, takeover, the feed of changes to the registry. */
package dev.posthaste.cluster;
