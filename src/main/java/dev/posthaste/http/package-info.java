/** What every HTTP route shares: problems, who is calling, bounded bodies. */
package dev.posthaste.http;
